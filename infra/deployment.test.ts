// Tests cannot run the compose and Kubernetes files, so they check them against the relay's settings, nginx.conf and
// each other.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { serviceOptions } from '../apps/relay/src/config/service-options.ts';

const at = (...parts: string[]): string => join(import.meta.dirname, ...parts);
const text = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: string[] | Record<string, unknown>;
  networks?: string[] | Record<string, { ipv4_address: string }>;
  secrets?: string[];
  ports?: string[];
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
  networks?: Record<string, { ipam?: { config: { subnet: string }[] } }>;
  secrets?: Record<string, unknown>;
}

const composeFiles = ['single.yaml', 'cluster.yaml', 'monitoring.yaml'];
const compose = (name: string): Compose => parse(text('compose', name), { merge: true }) as Compose;
const servicesOf = (name: string): [string, Service][] => Object.entries(compose(name).services);
const isRelay = (service: Service): boolean => service.image === 'wetink-relay';

/** Variables that the relay reads. */
const known = new Set(serviceOptions.map(({ variable }) => variable));

describe.each(composeFiles)('compose/%s', (name) => {
  it(`${name} mounts only existing files and declared volumes and secrets`, () => {
    const file = compose(name);
    for (const [, service] of servicesOf(name)) {
      for (const volume of service.volumes ?? []) {
        const source = volume.replace(/\$\{[^}]*\}/, '').split(':')[0] ?? '';
        if (volume.startsWith('.')) expect(existsSync(at('compose', source)), volume).toBe(true);
        else if (source !== '') expect(Object.keys(file.volumes ?? {}), volume).toContain(source);
      }
      for (const secret of service.secrets ?? []) expect(Object.keys(file.secrets ?? {})).toContain(secret);
      if (service.build) expect(existsSync(at('compose', service.build.context, service.build.dockerfile))).toBe(true);
    }
  });

  it(`${name} uses only variables that .env.example explains`, () => {
    const explained = new Set([...text('compose/.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]));
    const asked = [...text('compose', name).matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map((match) => match[1]);
    expect(asked.filter((variable) => !explained.has(variable))).toEqual([]);
  });

  it(`${name} gives relays only variables that they know, and more time to stop than they need`, () => {
    for (const [service, { environment = {}, stop_grace_period: grace, ...rest }] of servicesOf(name)) {
      if (!isRelay(rest)) continue;
      expect(
        Object.keys(environment).filter((variable) => !known.has(variable)),
        service,
      ).toEqual([]);
      expect(parseInt(grace ?? '0', 10)).toBeGreaterThan(Number(environment['WETINK_DRAIN_SECONDS']));
    }
  });

  it(`${name} opens only nginx to the network`, () => {
    for (const [service, { ports = [] }] of servicesOf(name))
      if (service !== 'nginx') expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('compose/cluster.yaml', () => {
  const { services, networks } = compose('cluster.yaml');
  const relays = Object.entries(services).flatMap(([name, service]) => (isRelay(service) ? [name] : []));

  it('nginx and Prometheus know all three relays of cluster.yaml', () => {
    expect(relays).toEqual(['relay-1', 'relay-2', 'relay-3']);
    const inNginx = [...text('compose/nginx/relays.conf').matchAll(/^server (\S+):8787 /gm)].map((match) => match[1]);
    expect(inNginx).toEqual(relays);
    const scrape = parse(text('monitoring/prometheus/prometheus.yaml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    expect(scrape.scrape_configs[0]?.static_configs[0]?.targets).toEqual(relays.map((relay) => `${relay}:8787`));
  });

  it('relays of cluster.yaml trust only nginx as a proxy', () => {
    const { nginx } = services;
    const address = (nginx?.networks as Record<string, { ipv4_address: string }>)['front']?.ipv4_address;
    expect(address?.split('.').slice(0, 3)).toEqual(networks?.['front']?.ipam?.config[0]?.subnet.split('.').slice(0, 3));
    for (const relay of relays) expect(services[relay]?.environment?.['WETINK_TRUSTED_PROXIES']).toBe(address);
  });

  it('cluster.yaml mounts every file that nginx.conf includes', () => {
    const mounted = (services['nginx']?.volumes ?? []).map((volume) => volume.split(':').at(-2));
    for (const [, included] of text('nginx/nginx.conf').matchAll(/^\s*include (site\/[a-z]+\.conf);/gm))
      expect(mounted).toContain(`/etc/wetink/${included}`);
  });
});

interface Resource {
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

describe('k8s', () => {
  const kustomization = parse(text('k8s/kustomization.yaml')) as {
    resources: string[];
    configMapGenerator: { name: string; literals: string[] }[];
  };
  const resources = kustomization.resources.flatMap((name) => parseAllDocuments(text('k8s', name)).map((doc) => doc.toJS() as Resource));
  const one = <Spec>(kind: string, name = 'wetink-relay'): Spec =>
    resources.find((resource) => resource.kind === kind && resource.metadata.name === name)?.spec as Spec;
  const settings = Object.fromEntries(kustomization.configMapGenerator[0]?.literals.map((line) => line.split('=')) ?? []) as Record<
    string,
    string
  >;
  const pod = one<{ template: { spec: Pod } }>('Deployment').template.spec;
  const container = pod.containers[0]!;

  interface Pod {
    terminationGracePeriodSeconds: number;
    containers: {
      livenessProbe: Probe;
      readinessProbe: Probe;
      lifecycle: { preStop: { exec: { command: string[] } } };
      envFrom: Record<string, { name: string }>[];
      env: { name: string; value: string }[];
      ports: { name: string; containerPort: number }[];
      resources: { requests: object; limits: object };
      securityContext: object;
    }[];
    securityContext: object;
  }
  interface Probe {
    httpGet: { path: string; port: string };
  }

  it('the kustomization lists every file except the example secret', () => {
    const files = readdirSync(at('k8s')).filter((name) => name.endsWith('.yaml'));
    expect(files.filter((name) => !['kustomization.yaml', 'secret.example.yaml'].includes(name)).sort()).toEqual(
      [...kustomization.resources].sort(),
    );
  });

  it('settings and secrets of Kubernetes are variables that the relay knows, under the names that the deployment reads', () => {
    const secret = parse(text('k8s/secret.example.yaml')) as { metadata: { name: string }; stringData: Record<string, string> };
    expect([...Object.keys(settings), ...Object.keys(secret.stringData)].filter((name) => !known.has(name))).toEqual([]);
    expect(container.envFrom).toEqual([
      { configMapRef: { name: kustomization.configMapGenerator[0]?.name } },
      { secretRef: { name: secret.metadata.name } },
    ]);
  });

  it('a pod has more time to stop than its relay needs', () => {
    const preStop = Number(container.lifecycle.preStop.exec.command.at(-1));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(preStop + Number(settings['WETINK_DRAIN_SECONDS']));
    expect(Number(settings['WETINK_DRAIN_WAIT_SECONDS'])).toBeLessThan(Number(settings['WETINK_DRAIN_SECONDS']));
  });

  it('liveness probes /healthz and readiness /readyz, both on the port of the relay', () => {
    expect([container.livenessProbe.httpGet, container.readinessProbe.httpGet]).toEqual([
      { path: '/healthz', port: 'http' },
      { path: '/readyz', port: 'http' },
    ]);
    expect(container.env).toContainEqual({ name: 'PORT', value: String(container.ports[0]?.containerPort) });
  });

  it('a pod runs without privileges, on a read-only file system', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('autoscaler and ingress name existing objects; the ingress sends operator paths to a service without pods', () => {
    expect(one<{ scaleTargetRef: object }>('HorizontalPodAutoscaler').scaleTargetRef).toMatchObject({
      kind: 'Deployment',
      name: 'wetink-relay',
    });
    expect(one<object>('PodDisruptionBudget')).toEqual({ maxUnavailable: 1 });
    const { rules } = one<{ rules: { http: { paths: { path: string; backend: { service: { name: string } } }[] } }[] }>('Ingress');
    const backends = Object.fromEntries(rules[0]?.http.paths.map(({ path, backend }) => [path, backend.service.name]) ?? []);
    const open = ['settings', 'guests', 'me', 'boards', 'tickets', 'push', 'people', 'conversations', 'blocked', 'notifications'];
    const api = open.map((name) => [`/v1/${name}`, 'wetink-relay']);
    expect(backends).toEqual({ '/metrics': 'wetink-closed', '/v1': 'wetink-closed', '/': 'wetink-relay', ...Object.fromEntries(api) });
    expect(one<object>('Service', 'wetink-closed')).toMatchObject({ selector: { 'app.kubernetes.io/component': 'nothing' } });
  });
});

describe('Dockerfile', () => {
  const dockerfile = text('compose/Dockerfile');

  it('the image runs as a user that is not root, and its health check reads /readyz', () => {
    expect(dockerfile.match(/^USER (\S+)$/gm)).toEqual(['USER node']);
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/readyz/m);
  });

  it('the image is built on the supported Node version, with the pnpm that package.json pins', () => {
    expect(dockerfile).not.toMatch(/pnpm@\d/);
    expect(dockerfile).toContain("require('./package.json').packageManager");
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+)\.(\d+)/gm)].map((match) => [Number(match[1]), Number(match[2])]);
    expect(versions.length).toBe(2);
    for (const [major, minor] of versions) expect([major, (minor ?? 0) >= 19]).toEqual([20, true]);
  });
});
