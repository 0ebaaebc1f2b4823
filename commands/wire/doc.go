// Package wire is what the kernel says about sockets besides the calls: states and queues now, packets later.
//
// It asks for notes, hints and tables only, and in ways that change nothing: never SO_ERROR, which clears what the user
// wants to see, never a receive. It knows descriptors, sock_diag(7) and /proc; addresses stay raw (sockaddr), for it
// must not know how anything is written for people.
//
// Whatever opens a descriptor of its own (netlink, /proc) would take a number from the user for a moment. Functions that
// need one are handed a function that runs them where numbers do not matter: on a thread with a descriptor table of its
// own. The rest must run where the user's descriptors are.
package wire
