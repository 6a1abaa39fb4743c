import { readFileSync } from 'node:fs';
import { silentObserver, type ConnectionSummary } from '@wetink/relay';
import { describe, expect, it } from 'vitest';
import { metrics, processMetrics, type MetricRow } from './metrics.ts';
import { createPrometheus, type Prometheus } from './prometheus.ts';
import type { Readings } from './readings.ts';

const readings: Readings = {
  connections: 3,
  rooms: 2,
  unsavedBytes: 10,
  heldBytes: 20,
  isStoreUp: true,
  bus: { isUp: true, reconnects: 2, droppedPublishes: 5, outboxBytes: 70 },
  userCache: { hits: 40, misses: 4 },
  newest: { hits: 5, misses: 6 },
  isReady: true,
  isDraining: false,
  loopLag: { p50Ms: 1, p99Ms: 20, maxMs: 500 },
};
const rows: readonly MetricRow[] = metrics;

function create(change: Partial<Readings> = {}): Prometheus {
  return createPrometheus({ version: '1.2.3', store: 'lmdb', bus: 'none' }, () => Promise.resolve({ ...readings, ...change }));
}

const summary = { closeCode: 1000, reason: 'left' } as ConnectionSummary;

/** Calls every method of the observer once. */
function tellAll(prometheus: Prometheus): void {
  const { observer } = prometheus;
  observer.connectionOpened({ connectionId: 1, room: 'secret-room', ip: '203.0.113.9', userAgent: 'secret-agent', isExtension: true });
  observer.connectionEnded(summary);
  observer.frames('in', 'update', 1, 100);
  observer.frames('out', 'update', 3, 300);
  observer.limited('messages');
  observer.refused({
    connectionId: 1,
    room: 'secret-room',
    ip: '203.0.113.9',
    userId: 'ana',
    code: 'READ_ONLY',
    messageType: 'update',
    dump: '',
  });
  observer.acked(4);
  observer.journalWritten(2, 100, 3);
  observer.journalFailed();
  observer.checkpoint('written', 1_000, 20);
  observer.quarantined(1);
  observer.roomLoaded(500, 7);
  observer.slowReader('behind');
  observer.busPublished(50);
  observer.busReceived(60);
  observer.busGap();
  observer.repaired('node', 30);
  observer.digestMismatch();
  prometheus.webhookDeliveries('delivered', 2);
}

function samples(text: string): Map<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('metrics', () => {
  it('every row of the table is served with its type and help, and no other wetink metric is', async () => {
    const prometheus = create();
    tellAll(prometheus);
    const text = await prometheus.text();
    for (const { name, type, help } of rows) expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? '');
    expect(served.filter((name) => name.startsWith('wetink_')).sort()).toEqual(rows.map(({ name }) => name).sort());
    for (const name of processMetrics) expect(served).toContain(name);
  });

  it('every row gets a value once every event has happened', async () => {
    const prometheus = create();
    tellAll(prometheus);
    const named = [...samples(await prometheus.text()).keys()];
    for (const { name, type } of rows) {
      const wanted = type === 'histogram' ? `${name}_count` : name;
      expect(
        named.some((sample) => sample === wanted || sample.startsWith(`${wanted}{`)),
        name,
      ).toBe(true);
    }
    expect(Object.keys(prometheus.observer).sort()).toEqual(Object.keys(silentObserver).sort());
  });

  it('the values', async () => {
    const prometheus = create();
    tellAll(prometheus);
    tellAll(prometheus);
    await prometheus.text();
    const values = samples(await prometheus.text());
    const expected: Record<string, number> = {
      'wetink_newest_messages_total{result="hit"}': 5,
      'wetink_newest_messages_total{result="miss"}': 6,
      'wetink_webhook_deliveries_total{outcome="delivered"}': 4,
      'wetink_build_info{version="1.2.3",store="lmdb",bus="none"}': 1,
      wetink_ws_connections: 3,
      wetink_ws_handshakes_total: 2,
      'wetink_ws_closes_total{code="1000",reason="left"}': 2,
      'wetink_frames_total{direction="out",type="update"}': 6,
      'wetink_frame_bytes_total{direction="in",type="update"}': 200,
      'wetink_refused_total{code="READ_ONLY"}': 2,
      'wetink_limit_hits_total{limit="messages"}': 2,
      wetink_ack_latency_seconds_sum: 0.008,
      'wetink_ack_latency_seconds_bucket{le="0.0025"}': 0,
      'wetink_ack_latency_seconds_bucket{le="0.005"}': 2,
      wetink_journal_rows_total: 4,
      'wetink_checkpoints_total{outcome="written"}': 2,
      wetink_quarantined_records_total: 2,
      'wetink_repairs_total{from="node"}': 2,
      wetink_redis_up: 1,
      wetink_redis_reconnects_total: 2,
      wetink_redis_dropped_publishes_total: 5,
      wetink_redis_outbox_bytes: 70,
      'wetink_user_cache_total{result="hit"}': 40,
      'wetink_user_cache_total{result="miss"}': 4,
      wetink_store_up: 1,
      'wetink_event_loop_lag_seconds{quantile="0.99"}': 0.02,
    };
    for (const [name, value] of Object.entries(expected)) expect(values.get(name), name).toBe(value);
  });

  it('the bus has no value on a single node, and 0 while it is down', async () => {
    const alone = samples(await create({ bus: null }).text());
    expect([...alone.keys()].filter((name) => name.startsWith('wetink_redis_'))).toEqual([]);
    const down = { isUp: false, reconnects: 0, droppedPublishes: 3, outboxBytes: 0 };
    const cut = samples(await create({ bus: down, isStoreUp: false }).text());
    expect([cut.get('wetink_redis_up'), cut.get('wetink_redis_reconnects_total')]).toEqual([0, 0]);
    expect(cut.get('wetink_redis_dropped_publishes_total')).toBe(3);
  });

  it('no label contains a room, user or address, and a client cannot choose one', async () => {
    const prometheus = create();
    for (let code = 3_000; code < 5_000; code++) prometheus.observer.connectionEnded({ ...summary, closeCode: code });
    prometheus.observer.connectionEnded({ ...summary, closeCode: 4_422, reason: 'BAD_UPDATE' });
    tellAll(prometheus);
    const text = await prometheus.text();
    expect(samples(text).get('wetink_ws_closes_total{code="other",reason="left"}')).toBe(2_000);
    expect(samples(text).get('wetink_ws_closes_total{code="4422",reason="BAD_UPDATE"}')).toBe(1);
    for (const secret of ['secret-room', '203.0.113.9', 'ana"']) expect(text).not.toContain(secret);
  });

  it('alerts use only metrics of the table, and their names are unique', () => {
    const names: string[] = rows.map(({ name }) => name);
    const alerts = rows.flatMap(({ alert }) => alert ?? []);
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    expect(alerts.length).toBeGreaterThan(10);
    for (const { name, expr } of alerts) {
      expect(name).toMatch(/^Wetink[A-Za-z]+$/);
      for (const [used] of expr.matchAll(/wetink_\w+/g)) expect(names).toContain(used.replace(/_(bucket|sum|count)$/, ''));
    }
  });

  it("the operator's page has every metric, with its help", () => {
    const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const { name, type, labels, help } of rows)
      expect(page).toContain(`| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`);
  });
});
