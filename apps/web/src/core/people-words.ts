/** Words of a list of people that is empty, by what they are picked for. */

export const toWriteTo = {
  nobodyOnline: 'Nobody you can write to is online.',
  nobodyKnown: 'This device knows nobody to write to.',
  elsewhere: 'On a board, the list of people has a button to write to each of them.',
};

export const toAdd = {
  nobodyOnline: 'Nobody you can add is online.',
  nobodyKnown: 'This device knows nobody to add.',
  elsewhere: 'People who are not listed here can come by a link.',
};
