// MongoDB for the cluster: found and started as the tests of the MongoDB store do it.

const starter = new URL('../../packages/storage/dist/testing/start-mongo.js', import.meta.url);

/** @throws {Error} No MongoDB is found; the message says how to get one. */
export async function startMongoForCluster() {
  const { startMongo } = await import(starter.href);
  return startMongo();
}
