/** The directory of people who are online, over HTTP. */

import type { DirectoryRule, OnlinePeople } from '../access/online-people.ts';
import type { Users } from '../access/users.ts';
import { ApiFailure } from './failures.ts';
import type { Route } from './routes.ts';

export interface DirectoryPorts {
  rule: DirectoryRule;
  online: Pick<OnlinePeople, 'of'>;
  users: Pick<Users, 'get'>;
}

export function directoryRoute({ rule, online, users }: DirectoryPorts): Route {
  return {
    pattern: '/v1/people/online',
    methods: {
      async GET(call) {
        const { id: userId } = await call.user();
        if (rule === 'off') throw new ApiFailure(404, 'directory_off', 'this relay has no directory of people');
        const { ids, isWhole } = await online.of(userId);
        const people = await Promise.all(
          ids.map(async (id) => {
            const { name, picture } = (await users.get(id)) ?? {};
            return { id, ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
          }),
        );
        return { status: 200, body: { people, count: people.length, counted: isWhole ? 'everywhere' : 'this relay alone' } };
      },
    },
  };
}
