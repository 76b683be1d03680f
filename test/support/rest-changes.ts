/** What faults of REST are made of: changes to requests and answers. */
import { type Fault, type RestAnswer, type RestRequest, type Upgrade, withFields } from './faulty-relay.ts';

export function without(headers: Upgrade['headers'], ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Changes the answers to one call, when they have this status. */
export function answering(
  call: string,
  status: number,
  change: (answer: RestAnswer, request: RestRequest) => RestAnswer,
): () => Fault {
  return () => ({
    answer(answer, request) {
      const isIt = `${request.method} ${request.url.pathname}` === call && answer.status === status;
      return isIt ? change(answer, request) : answer;
    },
  });
}

/** Changes each podcast object that is answered. */
export function writingPodcasts(change: (podcast: Record<string, unknown>) => void): () => Fault {
  return () => ({
    answer(answer, { url }) {
      const isIt = url.pathname === '/podcast' && answer.status === 200;
      return isIt ? withFields(answer, change) : answer;
    },
  });
}

/** Changes each error of this code. */
export function failingWith(code: string, change: (answer: RestAnswer) => RestAnswer): () => Fault {
  return () => ({
    answer: (answer) => (answer.text.includes(`"error":"${code}"`) ? change(answer) : answer),
  });
}

export function hasSecret({ headers }: RestRequest): boolean {
  return 'client_secret' in headers || 'token' in headers;
}

/** Cuts a field of each request to so many characters. */
export function cutting(field: string, length: number): () => Fault {
  return () => ({
    request(request) {
      const text = request.body.toString();
      if (!text.includes(`"${field}":"`) || text.startsWith('{"title":}')) return request;
      const body = JSON.parse(text) as Record<string, unknown>;
      body[field] = String(body[field]).slice(0, length);
      return { ...request, body: Buffer.from(JSON.stringify(body)) };
    },
  });
}
