import { expect, it } from 'vitest';
import { apiUrlFor, isLoopback, relayUrlFor } from './relay-url.ts';

it('the relay’s address is the origin of the page, secure when the page is', () => {
  expect(relayUrlFor({ protocol: 'http:', host: 'localhost:8787' }, undefined)).toBe('ws://localhost:8787');
  expect(relayUrlFor({ protocol: 'https:', host: 'wetink.example' }, '')).toBe('wss://wetink.example');
});

it('the relay’s address is the one that the build names', () => {
  expect(relayUrlFor({ protocol: 'http:', host: 'localhost:5173' }, 'ws://localhost:8787/')).toBe('ws://localhost:8787');
});

it('the HTTP API is on the same host, secure when the WebSocket is', () => {
  expect(apiUrlFor('ws://localhost:8787')).toBe('http://localhost:8787');
  expect(apiUrlFor('wss://ws.example/ws')).toBe('https://ws.example/ws');
});

it('knows the addresses that only this computer can reach', () => {
  expect(['localhost', '127.0.0.1', '127.8.0.1', '[::1]'].every(isLoopback)).toBe(true);
  expect(['192.168.1.20', 'wetink.example', '127.0.0.1.example'].some(isLoopback)).toBe(false);
});
