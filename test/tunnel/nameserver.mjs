// A name server for tests: `node nameserver.mjs ADDRESS NAME=IP …` answers A and AAAA questions on port 53; prints `ready`.
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

const [, , address, ...records] = process.argv;
const zone = records.map((record) => record.split('='));
const TYPES = { 1: (ip) => !isIPv6(ip), 28: isIPv6 };
const socket = createSocket('udp4');

socket.on('message', (query, { address: from, port }) => {
  const end = query.indexOf(0, 12);
  const name = readName(query.subarray(12, end));
  const type = query.readUInt16BE(end + 1);
  const question = query.subarray(12, end + 5);
  const known = zone.some(([each]) => each === name);
  const found = zone.filter(([each, ip]) => each === name && TYPES[type]?.(ip));
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | (known ? 0 : 3), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  socket.send(Buffer.concat([head, question, ...found.map(([, ip]) => answer(type, bytesOf(ip)))]), port, from);
});
socket.bind(53, address, () => console.log('ready'));

function readName(labels) {
  const parts = [];
  for (let at = 0; at < labels.length; at += labels[at] + 1)
    parts.push(labels.subarray(at + 1, at + 1 + labels[at]).toString());
  return parts.join('.');
}

function answer(type, data) {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0); // the name of the question
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

/** IPv6 addresses have one `::` here. */
function bytesOf(ip) {
  if (!isIPv6(ip)) return Buffer.from(ip.split('.').map(Number));
  const [head, tail] = ip.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}
