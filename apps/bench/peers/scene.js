/**
 * Elements of the scene that the address names, in this board's own format: lines of JSON arrays, so that no text is longer
 * than a browser's strings may be.
 */
export async function loadScene() {
  const response = await fetch(new URLSearchParams(location.search).get('scene'));
  const elements = [];
  let rest = '';
  const read = (line) => {
    if (line !== '') for (const element of JSON.parse(line)) elements.push(element);
  };
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach(read);
  }
  read(rest);
  return elements;
}
