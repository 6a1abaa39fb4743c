/** Which errors of the driver are worth another try, and the messages that an operator reads. */

import { MongoBulkWriteError, MongoNetworkError, MongoServerError, type BulkWriteResult } from 'mongodb';
import { expect, it } from 'vitest';
import { isTransient, toStoreError } from './mongo-errors.ts';

const wrapped = (error: MongoServerError | MongoNetworkError): Error =>
  new MongoBulkWriteError(error as unknown as ConstructorParameters<typeof MongoBulkWriteError>[0], {} as BulkWriteResult);

it('[MG2] network errors are worth another try, also when insertMany wraps them', () => {
  const labelled = new MongoServerError({ message: 'not primary', code: 1 });
  labelled.addErrorLabel('RetryableWriteError');
  for (const error of [new MongoNetworkError('reset'), new MongoServerError({ message: 'stepped down', code: 189 }), labelled]) {
    expect(isTransient(error)).toBe(true);
    expect(isTransient(wrapped(error))).toBe(true);
    expect(toStoreError(wrapped(error), 'host:1')).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('host:1') });
  }
  for (const error of [new MongoServerError({ message: 'no', code: 13 }), new Error('reset')]) expect(isTransient(error)).toBe(false);
});

it('[MG14] a full disk, a refused user and any other error have a code and say what to do', () => {
  const of = (code: number): unknown => toStoreError(new MongoServerError({ message: 'why', code }), 'host:1');
  expect(of(14031)).toMatchObject({ code: 'FULL', message: expect.stringContaining('Grow its disk') });
  expect(of(18)).toMatchObject({ code: 'NOT_WRITABLE', message: expect.stringContaining('authSource') });
  expect(of(2)).toMatchObject({ code: 'NOT_WRITABLE', message: expect.stringContaining('why') });
});
