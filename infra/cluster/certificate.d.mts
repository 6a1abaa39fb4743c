/** Writes ca.pem, fullchain.pem and privkey.pem for localhost into `folder`. @returns what a client must trust. */
export function makeCertificate(folder: string): { certificate: string; certificateFile: string };
