package names

// All is every set: in the C spelling a constant of the wrong kind is a thing that one may want to try.
var All = []*Set{&AF, &SockType, &SockFlag, &IPProto, &Msg, &Shut, &Level, &SO, &IP, &IPV6, &TCP, &UDP, &Fcntl, &FDFlag, &OAcc, &OFlag, &TCPState, &Netlink, &EtherType}
