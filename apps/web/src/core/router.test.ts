import { describe, expect, it } from 'vitest';
import { boardPath, parseBoardLink, pathToRoute } from './router.ts';
import { createBoardId } from './board-id.ts';

const origin = 'https://wetink.example';

describe('routes', () => {
  it('paths of home and boards become routes', () => {
    expect(pathToRoute('/')).toEqual({ page: 'home' });
    expect(pathToRoute('/b/abcdefgh')).toEqual({ page: 'board', boardId: 'abcdefgh' });
    expect(pathToRoute('/b/abcdefgh/')).toEqual({ page: 'board', boardId: 'abcdefgh' });
  });

  it('an address that means nothing becomes the unknown page', () => {
    for (const path of ['/b/', '/b/short', '/b/abcdefgh/x', '/boards', '/b/a%20bcdefgh']) {
      expect(pathToRoute(path)).toEqual({ page: 'unknown', path });
    }
  });

  it('a path made from a route is read back', () => {
    const boardId = createBoardId((bytes) => crypto.getRandomValues(bytes));
    expect(pathToRoute(boardPath(boardId))).toEqual({ page: 'board', boardId });
  });
});

describe('open by link or id', () => {
  it.each([
    ['abcdefgh-_12', ''],
    [' abcdefgh-_12 \n', ''],
    ['https://wetink.example/b/abcdefgh-_12', ''],
    ['https://wetink.example/b/abcdefgh-_12?x=1#k=link', '#k=link'],
    ['/b/abcdefgh-_12', ''],
    ['b/abcdefgh-_12#k=link', '#k=link'],
  ])('opens %j with what opens it', (input, hash) => {
    expect(parseBoardLink(input, origin)).toEqual({ ok: true, boardId: 'abcdefgh-_12', hash });
  });

  it.each([
    ['', 'Paste a board link or its id first.'],
    ['https://', 'That is not a link. A board link ends in /b/ and the id of the board.'],
    ['nope', 'No board in that. A board link ends in /b/ and the id of the board.'],
    ['https://wetink.example/', 'No board in that. A board link ends in /b/ and the id of the board.'],
    ['javascript:alert(1)', 'No board in that. A board link ends in /b/ and the id of the board.'],
    ['https://other.example/b/abcdefgh', 'That board lives on other.example. Open the link there.'],
  ])('says what is wrong with %j', (input, sentence) => {
    expect(parseBoardLink(input, origin)).toEqual({ ok: false, sentence });
  });
});
