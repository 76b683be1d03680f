/*
 * The control of websocket-fan-out: the least that a program can do to give every listener every packet, one
 * send(2) for each socket. Listeners connect and send an upgrade request; packets of 185 bytes come on stdin.
 * Usage: websocket-send LISTENERS (apart | together): packets that were read at once go out apart or in one send.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKET_BYTES 185
#define HEADER_BYTES 4
#define FRAME_BYTES (HEADER_BYTES + PACKET_BYTES)
#define PACKETS_MAX 64

static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void send_all(const int *sockets, int listeners, const unsigned char *bytes, size_t length) {
  for (int i = 0; i < listeners; i++) {
    if (send(sockets[i], bytes, length, MSG_NOSIGNAL) != (ssize_t)length) fail("send");
  }
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int listeners = atoi(argv[1]);
  int together = strcmp(argv[2], "together") == 0;

  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t address_bytes = sizeof address;
  if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(server, 4096) < 0) fail("listen");
  getsockname(server, (struct sockaddr *)&address, &address_bytes);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  int *sockets = calloc(listeners, sizeof *sockets);
  for (int i = 0; i < listeners; i++) {
    sockets[i] = accept(server, NULL, NULL);
    if (sockets[i] < 0) fail("accept");
    int on = 1;
    setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    char request[1024];
    if (read(sockets[i], request, sizeof request) <= 0) fail("read request");
    if (write(sockets[i], ANSWER, sizeof ANSWER - 1) < 0) fail("write answer");
  }

  unsigned char packets[PACKETS_MAX * PACKET_BYTES], frames[PACKETS_MAX * FRAME_BYTES];
  ssize_t length;
  while ((length = read(0, packets, sizeof packets)) > 0) {
    int count = length / PACKET_BYTES;
    for (int i = 0; i < count; i++) {
      unsigned char *frame = frames + i * FRAME_BYTES;
      frame[0] = 0x82;
      frame[1] = 126;
      frame[2] = 0;
      frame[3] = PACKET_BYTES;
      memcpy(frame + HEADER_BYTES, packets + i * PACKET_BYTES, PACKET_BYTES);
      if (!together) send_all(sockets, listeners, frame, FRAME_BYTES);
    }
    if (together) send_all(sockets, listeners, frames, count * FRAME_BYTES);
  }
  return 0;
}
