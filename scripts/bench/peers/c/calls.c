/* calls getsockname|transfer N: N bare calls. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	long n = atol(argv[2]);
	if (strcmp(argv[1], "getsockname") == 0) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		for (long i = 0; i < n; i++) {
			struct sockaddr_storage addr;
			socklen_t size = sizeof addr;
			if (getsockname(fd, (struct sockaddr *)&addr, &size) == -1)
				return 1;
		}
		return 0;
	}
	int pair[2];
	char byte = 'x';
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return 1;
	for (long i = 0; i < n; i += 2)
		if (send(pair[0], &byte, 1, 0) != 1 || recv(pair[1], &byte, 1, 0) != 1)
			return 1;
	return 0;
}
