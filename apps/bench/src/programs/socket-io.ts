/** A board as a first attempt with socket.io has it: updates are kept in an array and passed on, and a joiner gets all. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const updates = new Map<string, Buffer[]>();
const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false, maxHttpBufferSize: 1e8 });

io.on('connection', (socket) => {
  const room = String(socket.handshake.query['room']);
  const kept = updates.get(room) ?? [];
  updates.set(room, kept);
  void socket.join(room);
  socket.emit('document', kept);
  socket.on('update', (update: Buffer) => {
    kept.push(update);
    socket.to(room).emit('update', update);
  });
  socket.on('cursor', (id: number, state: object) => socket.to(room).volatile.emit('cursor', id, state));
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
