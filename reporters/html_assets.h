/* The style sheets and the script of reports, from reporters/html/, made part of the program by cmake/embed.cmake. */
#ifndef IKESCOPE_REPORTERS_HTML_ASSETS_H
#define IKESCOPE_REPORTERS_HTML_ASSETS_H

#include <stddef.h>

extern const unsigned char asset_drawing_css[], asset_report_css[], asset_report_js[];
extern const size_t asset_drawing_css_length, asset_report_css_length, asset_report_js_length;

#endif
