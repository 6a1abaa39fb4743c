import { describe, expect, test } from 'vitest';
import { helpText, parseConfig } from './config.ts';

describe('configuration', () => {
  test('defaults', () => {
    expect(parseConfig([], {})).toEqual({
      kind: 'run',
      config: { port: 8787, host: '127.0.0.1', dataFolder: './data', staticFolder: null, logLevel: 'info', drainDeadlineMs: 25_000 },
    });
  });

  test('the environment says the same as flags, and flags win', () => {
    const env = { PORT: '1234', WETINK_HOST: '0.0.0.0', WETINK_DATA: '/var/wetink', WETINK_STATIC: 'web', WETINK_LOG_LEVEL: '' };
    expect(parseConfig(['--port=99', '--data', 'here'], env)).toEqual({
      kind: 'run',
      config: { port: 99, host: '0.0.0.0', dataFolder: 'here', staticFolder: 'web', logLevel: 'info', drainDeadlineMs: 25_000 },
    });
  });

  test('all mistakes are reported at once, each with its source', () => {
    const parsed = parseConfig(['--port', '70000', '--colour', 'red', '--data', '--log-level', 'loud', '--host=a', '--host=b'], {
      WETINK_DRAIN_SECONDS: 'soon',
    });
    expect(parsed).toEqual({
      kind: 'mistakes',
      mistakes: [
        'unknown option "--colour"',
        'unknown option "red"',
        '--data needs a folder',
        '--host is given twice',
        '--port is "70000": it must be a whole number from 0 to 65535',
        'WETINK_DRAIN_SECONDS is "soon": it must be a whole number from 1 to 3600',
        '--log-level is "loud": it must be one of debug, info, warn, error, silent',
      ],
    });
  });

  test.each(['1e3', '-1', ' 80', '0x50', '', '65536'])('port %j is refused', (port) => {
    expect(parseConfig([`--port=${port}`], {}).kind).toBe('mistakes');
  });

  test('help and version come before any mistake', () => {
    expect(parseConfig(['--nonsense', '--help'], {})).toEqual({ kind: 'help' });
    expect(parseConfig(['--version'], { PORT: 'x' })).toEqual({ kind: 'version' });
    for (const name of ['--port', 'PORT', 'WETINK_DATA', '--static', 'WETINK_DRAIN_SECONDS']) expect(helpText()).toContain(name);
  });
});
