import { Failure } from '../../src/errors.js';

/** The Failure that the call ends in; any other end fails the test. */
export async function failureOf(call: () => unknown): Promise<Failure> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}
