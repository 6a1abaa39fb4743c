/** Words of a list of people that is empty, by what they are picked for. */
import * as m from '$words/people-words';

export const toWriteTo = {
  nobodyOnline: m.nobodyYouCanWriteTo(),
  nobodyKnown: m.thisDeviceKnowsNobodyTo(),
  elsewhere: m.onABoardTheList(),
};

export const toAdd = {
  nobodyOnline: m.nobodyYouCanAddIs(),
  nobodyKnown: m.thisDeviceKnowsNobodyTo2(),
  elsewhere: m.peopleWhoAreNotListed(),
};
