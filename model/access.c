#include "model/access.h"

#include "model/iana.h"

/* {word, number, taken by IOS and by ASA} */
static const struct {
    const char *word;
    uint8_t number;
    bool both;
} protocols[] = {
    { "ip", 0, true },      { "ipv4", 0, false },  { "ipv6", 0, false },   { "icmp", 1, true }, { "igmp", 2, true },
    { "ipinip", 4, true },  { "tcp", 6, true },    { "igrp", 9, false },   { "udp", 17, true }, { "gre", 47, true },
    { "pptp", 47, false },  { "esp", 50, true },   { "ipsec", 50, false }, { "ah", 51, false }, { "ahp", 51, false },
    { "icmp6", 58, false }, { "eigrp", 88, true }, { "ospf", 89, true },   { "nos", 94, true }, { "pim", 103, true },
    { "pcp", 108, true },   { "snp", 109, false }, { "sctp", 132, false },
};

bool access_protocol(struct text word, uint32_t *number)
{
    uint64_t value;
    for (size_t i = 0; i < COUNT_OF(protocols); i++) {
        if (text_equal(word, text_of(protocols[i].word))) {
            *number = protocols[i].number;
            return true;
        }
    }
    if (text_number(word, 10, &value) && value < 256) {
        *number = (uint32_t)value;
        return true;
    }
    return registry_number(REGISTRY_IPPROTO, word, number);
}

const char *access_protocol_word(uint32_t number)
{
    for (size_t i = 0; i < COUNT_OF(protocols); i++)
        if (protocols[i].both && protocols[i].number == number)
            return protocols[i].word;
    return NULL;
}

/* By their numbers; what TCP and UDP call differently stands twice. */
static const struct {
    const char *word;
    uint16_t port;
} ports[] = {
    { "echo", 7 },
    { "discard", 9 },
    { "daytime", 13 },
    { "chargen", 19 },
    { "ftp-data", 20 },
    { "ftp", 21 },
    { "ssh", 22 },
    { "telnet", 23 },
    { "smtp", 25 },
    { "time", 37 },
    { "nameserver", 42 },
    { "whois", 43 },
    { "tacacs", 49 },
    { "domain", 53 },
    { "bootps", 67 },
    { "bootpc", 68 },
    { "tftp", 69 },
    { "gopher", 70 },
    { "finger", 79 },
    { "www", 80 },
    { "http", 80 },
    { "hostname", 101 },
    { "pop2", 109 },
    { "pop3", 110 },
    { "sunrpc", 111 },
    { "ident", 113 },
    { "nntp", 119 },
    { "ntp", 123 },
    { "netbios-ns", 137 },
    { "netbios-dgm", 138 },
    { "netbios-ss", 139 },
    { "netbios-ssn", 139 },
    { "imap4", 143 },
    { "snmp", 161 },
    { "snmptrap", 162 },
    { "xdmcp", 177 },
    { "bgp", 179 },
    { "irc", 194 },
    { "dnsix", 195 },
    { "ldap", 389 },
    { "mobile-ip", 434 },
    { "https", 443 },
    { "pim-auto-rp", 496 },
    { "isakmp", 500 },
    { "biff", 512 },
    { "exec", 512 },
    { "login", 513 },
    { "who", 513 },
    { "cmd", 514 },
    { "rsh", 514 },
    { "syslog", 514 },
    { "lpd", 515 },
    { "talk", 517 },
    { "rip", 520 },
    { "ripv6", 521 },
    { "uucp", 540 },
    { "klogin", 543 },
    { "kshell", 544 },
    { "rtsp", 554 },
    { "ldaps", 636 },
    { "kerberos", 750 },
    { "lotusnotes", 1352 },
    { "citrix-ica", 1494 },
    { "sqlnet", 1521 },
    { "radius", 1645 },
    { "radius-acct", 1646 },
    { "h323", 1720 },
    { "pptp", 1723 },
    { "nfs", 2049 },
    { "ctiqbe", 2748 },
    { "cifs", 3020 },
    { "non500-isakmp", 4500 },
    { "vxlan", 4789 },
    { "sip", 5060 },
    { "aol", 5190 },
    { "secureid-udp", 5510 },
    { "pcanywhere-data", 5631 },
    { "pcanywhere-status", 5632 },
};

bool access_port(struct text word, uint32_t *port)
{
    uint64_t number;
    if (text_number(word, 10, &number) && number < 65536) {
        *port = (uint32_t)number;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(ports); i++) {
        if (text_equal(word, text_of(ports[i].word))) {
            *port = ports[i].port;
            return true;
        }
    }
    return false;
}
