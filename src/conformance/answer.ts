/** An answer of the relay's REST calls, and the demands that many checks make of one (protocol.md §2). */
import { must, quoted } from './check.ts';

export class Answer {
  /** `GET /podcast?id=1`, as it is quoted in sentences. */
  readonly call: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;

  constructor(call: string, { status, headers }: Pick<Response, 'status' | 'headers'>, text: string) {
    this.call = call;
    this.status = status;
    this.contentType = headers.get('content-type') ?? '';
    this.text = text;
  }

  /** The body as a JSON object; empty when it is none. */
  get fields(): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(this.text);
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Not JSON: it has no fields.
    }
    return {};
  }

  /** The second half of a sentence. */
  get came(): string {
    return `${this.call} was answered with ${this.status} ${quoted(this.text)}`;
  }

  /** @throws Broken */
  mustBe(status: number): void {
    must(this.status === status, `status ${status}`, this.came);
  }

  /** Status, code and a sentence: the one shape of every error. @throws Broken */
  mustBeError(status: number, code: string): void {
    const { error, message } = this.fields;
    const isKept = this.status === status && error === code && typeof message === 'string' && message !== '';
    must(isKept, `status ${status} and {"error": "${code}", "message": a sentence}`, this.came);
  }
}
