/** A listener of stream=programme written from PROTOCOL.md §4 alone: ws, dgram, tweetnacl, nothing of the project's own code. */
import nacl from 'tweetnacl';
import { Ear, NaiveUdpClient } from './naive-udp-client.ts';

/** One frame of a programme, as its nonce places it. */
export interface ProgrammeFrame {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly opus: Buffer;
}

export class NaiveProgrammeListener {
  readonly client: NaiveUdpClient;
  readonly ear: Ear | undefined;

  private constructor(client: NaiveUdpClient, ear: Ear | undefined) {
    this.client = client;
    this.ear = ear;
  }

  /** Resolves when it is in. @param query what stands behind `stream=programme` */
  static async open(
    socketUrl: string,
    podcastId: number,
    audio: 'websocket' | 'udp',
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ): Promise<NaiveProgrammeListener> {
    const url = `${socketUrl}/listen?id=${podcastId}&audio=${audio}&stream=programme${query}`;
    const client = new NaiveUdpClient(url, headers);
    await client.hello();
    if (audio === 'websocket') {
      await client.event(4);
      return new NaiveProgrammeListener(client, undefined);
    }
    const ear = await Ear.open();
    await client.connect(ear.port);
    return new NaiveProgrammeListener(client, ear);
  }

  /** Resolves with all frames when so many have come altogether. @throws Error for one that does not open */
  async frames(count: number): Promise<ProgrammeFrame[]> {
    await (this.ear ? this.ear.heard(count) : this.client.heard(count));
    return this.heard();
  }

  /** The frames up to now. */
  async heard(): Promise<ProgrammeFrame[]> {
    const key = Uint8Array.from((await this.client.hello()).secret);
    const datagrams = this.ear?.datagrams ?? this.client.packets.map((packet) => packet.subarray(1));
    return datagrams.map((datagram) => {
      const nonce = datagram.subarray(0, 24);
      const opus = nacl.secretbox.open(datagram.subarray(24), nonce, key);
      if (!opus || nonce.readUInt16BE(0) !== 0x8078) throw new Error('this is no frame of a programme');
      return {
        sequence: nonce.readUInt16BE(2),
        timestamp: nonce.readUInt32BE(4),
        ssrc: nonce.readUInt32BE(8),
        opus: Buffer.from(opus),
      };
    });
  }
}
