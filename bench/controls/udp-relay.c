/*
 * The control of udp-fan-out: the least that a program can do to give every listener every packet. What arrives on a
 * UDP port is sent on from it to 127.0.0.1, ports BASE … BASE + LISTENERS - 1.
 * Usage: udp-relay (sendmmsg | sendto) BASE LISTENERS; prints its port.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 128

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int by_batch = strcmp(argv[1], "sendmmsg") == 0;
  int base = atoi(argv[2]), listeners = atoi(argv[3]);

  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t own_bytes = sizeof own;
  if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) fail("bind");
  getsockname(fd, (struct sockaddr *)&own, &own_bytes);
  printf("%d\n", ntohs(own.sin_port));
  fflush(stdout);

  struct sockaddr_in *names = calloc(listeners, sizeof *names);
  struct mmsghdr *headers = calloc(listeners, sizeof *headers);
  char packet[2048];
  struct iovec iov = {.iov_base = packet};
  for (int i = 0; i < listeners; i++) {
    names[i] = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(base + i), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    headers[i].msg_hdr = (struct msghdr){
        .msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &iov, .msg_iovlen = 1};
  }

  ssize_t length;
  while ((length = recv(fd, packet, sizeof packet, 0)) >= 0) {
    iov.iov_len = length;
    for (int i = 0; i < listeners;) {
      if (by_batch) {
        int sent = sendmmsg(fd, headers + i, listeners - i < BATCH ? listeners - i : BATCH, 0);
        if (sent < 0) fail("sendmmsg");
        i += sent;
      } else {
        if (sendto(fd, packet, length, 0, (struct sockaddr *)&names[i], sizeof names[i]) < 0) fail("sendto");
        i += 1;
      }
    }
  }
  fail("recv");
}
