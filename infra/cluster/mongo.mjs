// MongoDB for the cluster: whatever the tests of the MongoDB store find on this machine, started the way they start it.

const starter = new URL('../../packages/storage/dist/testing/start-mongo.js', import.meta.url);

/** @throws {Error} that says how to get one, when there is none. */
export async function startMongoForCluster() {
  const { startMongo } = await import(starter.href);
  return startMongo();
}
