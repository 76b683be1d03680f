/*
 * The other end of udp-fan-out: the host of a podcast and all its listeners in one process. Sends rounds of one packet
 * a speaker to a relay, and checks that every listener gets every packet, each speaker's in order.
 *
 * Usage: udp-listeners RELAY_PORT BASE LISTENERS ROUNDS SPEAKERS (equal | mixed) PERIOD_US (awake | asleep)
 * Listeners are 127.0.0.1, ports BASE … BASE + LISTENERS - 1. With a period of 0 a round is sent when all have the last
 * one. Who is asleep is woken at the sender's cost, a faster one less often, as it leaves no pause; on a network
 * nobody pays for that. Prints as JSON: seconds, datagrams, wrong (lost or out of order), and of each round the time from the first
 * listener's first packet to the last listener's last, in µs, by the kernel's clock on arrival.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 16
#define EVENTS 256
#define SPEAKERS_MAX 16
#define PACKET_MAX 400
#define TYPICAL_BYTES 160
#define SILENCE_MS 2000

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* A nonce as hosts write it: 0x80 0x78, sequence (u16), timestamp (u32, here the round), SSRC (u32). */
static size_t write_packet(unsigned char *packet, uint32_t round, uint32_t speaker, int mixed) {
  uint32_t round_be = htonl(round), speaker_be = htonl(speaker);
  memset(packet, 0x5a, PACKET_MAX);
  packet[0] = 0x80;
  packet[1] = 0x78;
  packet[2] = round >> 8;
  packet[3] = round;
  memcpy(packet + 4, &round_be, 4);
  memcpy(packet + 8, &speaker_be, 4);
  return mixed ? TYPICAL_BYTES - 30 + (round * 31 + speaker * 17) % 60 : TYPICAL_BYTES;
}

static int bound_socket(int port, int timestamps) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in name = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int on = 1;
  if (fd < 0) fail("socket");
  if (timestamps) setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0) fail("bind");
  return fd;
}

static int by_size(const void *a, const void *b) {
  int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
  return left < right ? -1 : left > right;
}

static int64_t arrival_ns(struct msghdr *header) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec time;
    memcpy(&time, CMSG_DATA(c), sizeof time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  int relay_port = atoi(argv[1]), base = atoi(argv[2]), listeners = atoi(argv[3]), rounds = atoi(argv[4]);
  int speakers = atoi(argv[5]), mixed = strcmp(argv[6], "mixed") == 0;
  int64_t period_ns = atoll(argv[7]) * 1000;
  int wait_ms = strcmp(argv[8], "asleep") == 0 ? 1 : 0;

  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  int poll = epoll_create1(0);
  uint32_t(*expected)[SPEAKERS_MAX] = calloc(listeners, sizeof *expected);
  int *sockets = calloc(listeners, sizeof *sockets);
  for (int i = 0; i < listeners; i++) {
    sockets[i] = bound_socket(base + i, period_ns > 0);
    struct epoll_event event = {.events = EPOLLIN, .data = {.u32 = i}};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &event) < 0) fail("epoll_ctl");
  }
  int host = bound_socket(0, 0);
  struct sockaddr_in relay = {
      .sin_family = AF_INET, .sin_port = htons(relay_port), .sin_addr = {htonl(INADDR_LOOPBACK)}};

  int64_t *first = calloc(rounds, sizeof *first), *last = calloc(rounds, sizeof *last);
  int64_t received = 0, wrong = 0, sent_rounds = 0;
  int64_t per_round = (int64_t)listeners * speakers, total = per_round * rounds;
  static unsigned char packets[BATCH][PACKET_MAX], controls[BATCH][64];
  struct iovec iovs[BATCH];
  struct mmsghdr headers[BATCH];
  struct epoll_event events[EVENTS];
  int64_t start = now_ns(CLOCK_MONOTONIC), heard = start;

  while (received < total) {
    int64_t now = now_ns(CLOCK_MONOTONIC);
    int due = period_ns > 0 ? now >= start + sent_rounds * period_ns : received >= sent_rounds * per_round;
    if (due && sent_rounds < rounds) {
      /* In one call, as packets that are due together come. */
      for (int speaker = 0; speaker < speakers; speaker++) {
        iovs[speaker] = (struct iovec){packets[speaker], write_packet(packets[speaker], sent_rounds, speaker, mixed)};
        headers[speaker].msg_hdr = (struct msghdr){
            .msg_name = &relay, .msg_namelen = sizeof relay, .msg_iov = &iovs[speaker], .msg_iovlen = 1};
      }
      if (sendmmsg(host, headers, speakers, 0) != speakers) fail("sendmmsg");
      sent_rounds += 1;
      heard = now;
    }
    if (now - heard > SILENCE_MS * 1000000LL) break;
    int count = epoll_wait(poll, events, EVENTS, wait_ms);
    for (int e = 0; e < count; e++) {
      int listener = events[e].data.u32;
      for (int i = 0; i < BATCH; i++) {
        iovs[i] = (struct iovec){packets[i], PACKET_MAX};
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &iovs[i], .msg_iovlen = 1};
        if (period_ns == 0) continue;
        headers[i].msg_hdr.msg_control = controls[i];
        headers[i].msg_hdr.msg_controllen = sizeof controls[i];
      }
      int got = recvmmsg(sockets[listener], headers, BATCH, 0, NULL);
      if (got < 0 && errno != EAGAIN) fail("recvmmsg");
      for (int i = 0; i < got; i++) {
        uint32_t round, speaker;
        memcpy(&round, packets[i] + 4, 4);
        memcpy(&speaker, packets[i] + 8, 4);
        round = ntohl(round);
        speaker = ntohl(speaker);
        if (speaker >= SPEAKERS_MAX || round >= (uint32_t)rounds) return 3;
        if (round != expected[listener][speaker]) wrong += 1;
        expected[listener][speaker] = round + 1;
        received += 1;
        int64_t at = period_ns > 0 ? arrival_ns(&headers[i].msg_hdr) : 0;
        if (first[round] == 0 || at < first[round]) first[round] = at;
        if (at > last[round]) last[round] = at;
      }
      heard = now;
    }
  }

  double seconds = (now_ns(CLOCK_MONOTONIC) - start) / 1e9;
  printf("{\"seconds\":%.6f,\"datagrams\":%lld,\"wrong\":%lld,\"spreadUs\":[", seconds, (long long)received,
         (long long)(wrong + total - received));
  for (int round = 0; round < rounds; round++) last[round] -= first[round];
  qsort(last, rounds, sizeof *last, by_size);
  for (int round = 0; round < rounds; round++) printf("%s%lld", round ? "," : "", (long long)last[round] / 1000);
  printf("]}\n");
  return 0;
}
