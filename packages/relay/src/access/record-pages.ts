import type { Records, StoredRecord } from '@wetink/storage';

const PER_PAGE = 1_000;

/** Records whose key begins with `prefix`, in pages. @param behind A key to start behind. */
export async function* pagesOf(records: Records, prefix: string, behind = ''): AsyncGenerator<StoredRecord[]> {
  for (let after = behind; ;) {
    const page = await records.list({ prefix, ...(after === '' ? {} : { after }), limit: PER_PAGE });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PER_PAGE) return;
    after = last.key;
  }
}
