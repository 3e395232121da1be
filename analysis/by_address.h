/*
 * Which IKE SA does a line mean that names addresses, and no SPI, SA id or session? Syslog lines do, and event traces. Where they
 * are all there is, lines of one observer and peer meet in one SA, and a peer that comes back makes another; among debugs, which
 * know SAs by their SPIs, the newest SA with that peer is meant. associations.c asks when what it trusts more has not told.
 */
#ifndef IKESCOPE_ANALYSIS_BY_ADDRESS_H
#define IKESCOPE_ANALYSIS_BY_ADDRESS_H

#include "analysis/associations.h"

/* by_address_fits: does this SA run between the event's addresses? Unknown addresses do not contradict. */
bool by_address_fits(const struct ike_sa *sa, const struct event *e);
/* by_address_of_debugs: did debugs show this SA to the event's observer? One of syslog lines alone has neither SPIs nor a slot. */
bool by_address_of_debugs(const struct ike_sa *sa, const struct event *e);
/* by_address_another: does the line tell of another attempt than this SA's, which is over? */
bool by_address_another(const struct ike_sa *sa, const struct event *e);
/* by_address_shows: does the line show an SA, even where nothing else of it was logged? */
bool by_address_shows(const struct event *e);

/* Each of these gives the SA that is meant, or NULL.
 * by_address_at_once: the one that came up just before, of which this line is the first to name the peer. */
struct ike_sa *by_address_at_once(struct associations *a, const struct observer *o, const struct event *e);
/* by_address_peer: the one of lines with these addresses; make: where they are the first, it is made. */
struct ike_sa *by_address_peer(struct associations *a, const struct event *e, bool make);
/* by_address_known: the newest of debugs. */
struct ike_sa *by_address_known(const struct associations *a, const struct event *e);
/* by_address_port: the newest whose peer is known by the event's port, as a NAT gives it. */
struct ike_sa *by_address_port(const struct associations *a, const struct event *e);
/* by_address_between: the newest between the ends of a packet that an ICMP error quotes. */
struct ike_sa *by_address_between(const struct associations *a, const struct event *e);
/* by_address_up: the one that is up with the peer whose session the line ends. */
struct ike_sa *by_address_up(const struct associations *a, const struct event *e);

#endif
