/**
 * Writes ca.pem, fullchain.pem and privkey.pem for localhost into `folder`.
 * @returns The authority's certificate (PEM), which a client must trust, and its file.
 */
export function makeCertificate(folder: string): { certificate: string; certificateFile: string };
