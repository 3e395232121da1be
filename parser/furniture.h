/* Lines that do not belong to a log: what a logging setup, a terminal, a page or another program put around it. */
#ifndef IKESCOPE_PARSER_FURNITURE_H
#define IKESCOPE_PARSER_FURNITURE_H

#include "base/arena.h"

bool line_is_furniture(struct text t);       /* show logging's header, rulers, table borders, a terminal's messages */
bool line_is_trace_heading(struct text t);   /* "ikev2_event:" of an event trace */
bool line_is_numbered(struct text t);        /* "2185:  text": numbered by another program */
bool line_is_echo(struct text t);            /* "show crypto ikev2 sa" without its prompt */
bool line_is_foreign(struct text t);         /* prose in another script */
bool line_is_nameless_prompt(struct text t); /* "(config-if)#exit": an author's, without a router's name */
struct text line_without_paste(struct text t);
bool line_is_literal(struct text t); /* no markup in it, no fence or bar behind it, nothing that stands for a line's end */
struct text line_without_fence(struct text t); /* "```" that a chat set right before a log, or behind it */

#endif
