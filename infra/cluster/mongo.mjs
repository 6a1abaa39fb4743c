// MongoDB for the cluster: whatever the tests of the MongoDB store find on this machine.

/** @param {{folder: string}} options the server keeps its data in a folder of its own */
export async function startMongoForCluster() {
  const { startMongo } = await import('@wetink/storage/testing');
  return startMongo();
}
