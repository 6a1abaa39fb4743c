// For mongosh on mongo-1's loopback: makes the replica set, the administrator and the relays' user. Safe to run repeatedly.
//
// Until there is a user, MongoDB lets any client on loopback make the replica set and the first user, and nothing else.

const { MONGO_ADMIN_PASSWORD, MONGO_PASSWORD } = process.env;
const WAIT_SECONDS = 120;
// mongo-1 has the highest priority, because the first user can be made only on the primary.
const members = [1, 2, 3].map((n) => ({ _id: n, host: `mongo-${n}:27017`, priority: n === 1 ? 2 : 1 }));
const admin = db.getSiblingDB('admin');

function signIn() {
  try {
    return admin.auth('admin', MONGO_ADMIN_PASSWORD).ok === 1;
  } catch (error) {
    if (error.codeName === 'AuthenticationFailed') return false;
    throw error;
  }
}

function makeReplicaSet() {
  try {
    rs.initiate({ _id: 'wetink', members });
  } catch (error) {
    if (error.codeName !== 'AlreadyInitialized') throw error;
  }
}

function waitUntilPrimary() {
  for (let second = 0; !db.hello().isWritablePrimary; second += 1) {
    if (second === WAIT_SECONDS)
      throw new Error(`mongo-1 is not primary after ${WAIT_SECONDS} s; primary: ${db.hello().primary ?? 'none'}`);
    sleep(1000);
  }
}

if (!signIn()) {
  makeReplicaSet();
  waitUntilPrimary();
  admin.createUser({ user: 'admin', pwd: MONGO_ADMIN_PASSWORD, roles: ['root'] });
  if (!signIn()) throw new Error('MongoDB has an administrator with another password: MONGO_ADMIN_PASSWORD is wrong');
}
db.getMongo().setReadPref('secondaryPreferred');
if (admin.getUser('wetink') === null) {
  waitUntilPrimary();
  admin.createUser({ user: 'wetink', pwd: MONGO_PASSWORD, roles: [{ role: 'readWrite', db: 'wetink' }] });
}
print("The replica set and the relays' user exist.");
