/* Limits on everything that an input can multiply. Reaching one is a fact of the report, never silence. */
#ifndef IKESCOPE_BASE_LIMITS_H
#define IKESCOPE_BASE_LIMITS_H

enum limits {
    LIMIT_LINE = 1 << 20,         /* octets of one text line that are looked at; the rest is counted */
    LIMIT_RECORD = 4 << 20,       /* octets of one log entry with its continuation lines */
    LIMIT_MEETING = 4 << 20,      /* octets of the lines of one IKE SA of both ends, where a stream joins them */
    LIMIT_SECTION_LINES = 200000, /* lines of one show or configuration section held at once */
    LIMIT_NESTING = 16,           /* payloads in payloads, tunnels in tunnels, groups in groups */
    LIMIT_PAYLOADS = 256,         /* payloads of one IKE message */
    LIMIT_PROPOSALS = 256,        /* proposals of one SA payload */
    LIMIT_TRANSFORMS = 1024,      /* transforms of one SA payload */
    LIMIT_SELECTORS = 256,        /* of one TS payload */
    LIMIT_ATTRIBUTES = 1024,      /* of one CP payload, of one transform */
    LIMIT_MESSAGE = 1 << 18,      /* octets of one IKE message, reassembled */
    LIMIT_FRAGMENTS = 128,        /* IKE fragments of one message */
    LIMIT_FRAGMENT_SETS = 1024,   /* IKE messages in reassembly at once */
    LIMIT_IP_DATAGRAMS = 1024,    /* IP datagrams in reassembly at once */
    LIMIT_IP_FRAGMENTS = 2048,    /* pieces of one IP datagram */
    LIMIT_TCP_STREAMS = 4096,     /* TCP directions with IKE framing followed at once */
    LIMIT_TCP_HELD = 1 << 18,     /* octets of one TCP direction held behind a gap */
    LIMIT_WINDOW = 40 << 20,      /* octets of a capture looked at together */
    LIMIT_BLOCK = 16 << 20,       /* octets of one record or block of a capture */
    LIMIT_INTERFACES = 65536,     /* of one pcapng section */
    LIMIT_CONVERSATIONS = 65536,  /* UDP endpoint pairs on other ports learned to carry IKE */
    LIMIT_DAMAGE = 16,            /* damaged places of a capture that are named one by one */
    LIMIT_IKE_SAS = 4000000,      /* IKE SAs of one report */
    LIMIT_CHILD_SAS = 8000000,
    LIMIT_FLOWS = 4000000,    /* ESP and AH flows (SPI, source, destination) */
    LIMIT_HELD = 32 << 20,    /* octets of ESP packets kept for keys that may still come */
    LIMIT_EXCHANGES = 100000, /* exchanges kept of one IKE SA */
    LIMIT_SIGHTINGS = 10000,  /* copies kept of one message */
    LIMIT_NOTES = 64,         /* notable events kept of one IKE SA when condensed */
    LIMIT_LOOSE_NOTES = 4096, /* notable events kept that belong to no IKE SA */
    LIMIT_EVIDENCE = 12,      /* quoted lines of one finding */
    LIMIT_FINDINGS = 10000,
    LIMIT_KEYS = 2000000 /* keys in the keyring */
};

#endif
