const { INPUT_REGISTRY, INPUT_USERNAME, INPUT_PASSWORD } = process.env;
// The job's token is for ghcr.io, and this is another registry.
const given = [INPUT_USERNAME, INPUT_PASSWORD].join();
if (!INPUT_REGISTRY || given !== 'tester-17,hush-17')
  throw new Error(`${INPUT_REGISTRY} got another login than its own`);
