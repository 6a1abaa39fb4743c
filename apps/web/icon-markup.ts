/**
 * A Vite plugin that makes each icon of Lucide plain markup, in place of a component that puts it together in the browser from
 * data: less code before the first paint, and less work for each icon. So icons take no props; their size and colour are in
 * the style sheets.
 */
import type { Plugin } from 'vite';

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>];

/** @param source A file of `@lucide/svelte/icons`. @throws {Error} When it has no shapes: another version writes them otherwise. */
export function iconMarkup(source: string): string {
  const data = /const iconData = (.*);$/m.exec(source)?.[1];
  if (data === undefined) throw new Error('an icon of @lucide/svelte has no data that is known here');
  const { name, node } = JSON.parse(data) as { name: string; node: readonly Shape[] };
  const shapes = node.map(([tag, attributes]) => `<${tag} ${written(attributes)} />`).join('');
  return `<svg ${written({ ...frame, class: `lucide lucide-${name} lucide-icon` })}>${shapes}</svg>\n`;
}

/** As Lucide's own component has it. */
const frame = {
  xmlns: 'http://www.w3.org/2000/svg',
  width: '24',
  height: '24',
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '2',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
  'aria-hidden': 'true',
};

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
}

/** Icons of a component that get a prop, by name; `aria-hidden` says what the markup has. */
export function iconsWithProps(component: string): string[] {
  const names = [...component.matchAll(/import (\w+) from '@lucide\/svelte\/icons\//g)].flatMap(([, name]) => name ?? []);
  return names.filter((name) => new RegExp(`<${name}\\s+(?!/>|aria-hidden="true"\\s*/>)`).test(component));
}

export function plainIcons(): Plugin {
  return {
    name: 'plain-icons',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.svelte')) return null;
      if (/@lucide\/svelte\/dist\/icons\//.test(id)) return { code: iconMarkup(code), map: null };
      const [name] = iconsWithProps(code);
      if (name !== undefined) this.error(`${id}: <${name}> is an icon, which takes no props`);
      return null;
    },
  };
}
