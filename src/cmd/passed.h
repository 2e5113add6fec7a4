#ifndef CMD_PASSED_H
#define CMD_PASSED_H

/*
 * Sockets that the service manager opened before this program began, and keeps open while it is started
 * anew: no visitor is refused meanwhile. The protocol of systemd's sd_listen_fds(3): descriptors from
 * 3 on, LISTEN_FDS says how many, LISTEN_PID to whom.
 */

#define PASSED_FIRST 3

/*
 * How many were passed to this process; 0: none. Forgets the variables, so that they cannot reach a process that it starts.
 * Before the first thread.
 */
unsigned passed_sockets(void);

#endif
