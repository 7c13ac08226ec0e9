// The UDP programs that talk through a tunnel.
//   node udp.mjs echo  ADDRESS PORT                  answers every datagram with its own bytes; prints `ready`
//   node udp.mjs ping  ADDRESS PORT COUNT SIZE MS    sends one datagram after another, each until it comes
//                                                    back or the time is over; prints a report
//   node udp.mjs flood ADDRESS PORT SECONDS SIZE     keeps many datagrams under way; prints how many came back
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const [, , mode, address = '', port = '', ...rest] = process.argv;
const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
// A port that nobody listens on yet answers with an error, which is no reason to give up.
socket.on('error', (error) => {
  if (error.code !== 'ECONNREFUSED') throw error;
});

const TRY_MS = 300;
const UNDER_WAY = 64;

if (mode === 'echo') echo();
else if (mode === 'ping') await ping(Number(rest[0]), Number(rest[1]), Number(rest[2]));
else if (mode === 'flood') await flood(Number(rest[0]), Number(rest[1]));
else throw new Error(`unknown mode ${mode}`);

function echo() {
  socket.on('message', (bytes, { address: from, port: fromPort }) => socket.send(bytes, fromPort, from));
  socket.bind(Number(port), address, () => console.log('ready'));
}

async function ping(count, size, patienceMs) {
  await connect();
  let [returned, repeated] = [0, 0];
  let bytes = randomBytes(size);
  const deadline = Date.now() + patienceMs;
  while (returned < count && Date.now() < deadline) {
    if (await comesBack(bytes)) {
      returned++;
      bytes = randomBytes(size);
    } else repeated++;
  }
  console.log(JSON.stringify({ returned, repeated }));
  socket.close();
}

/** Whether these bytes come back unchanged soon. */
function comesBack(bytes) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), TRY_MS);
    const listener = (answer) => {
      if (answer.equals(bytes)) done(true);
    };
    const done = (answer) => {
      clearTimeout(timer);
      socket.off('message', listener);
      resolve(answer);
    };
    socket.on('message', listener);
    socket.send(bytes);
  });
}

async function flood(seconds, size) {
  await connect();
  let returned = 0;
  const bytes = randomBytes(size);
  socket.on('message', () => {
    returned++;
    socket.send(bytes);
  });
  // What was lost is replaced, so that the flood does not run dry.
  const top = setInterval(() => {
    for (let each = 0; each < UNDER_WAY; each++) socket.send(bytes);
  }, 100);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  clearInterval(top);
  socket.close();
  console.log(JSON.stringify({ returned }));
  process.exit();
}

function connect() {
  return new Promise((resolve) => socket.connect(Number(port), address, resolve));
}
