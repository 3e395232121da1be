/* Functions that do not know where their buffer ends. Included by the build before every file. */
#ifndef IKESCOPE_BASE_BANNED_H
#define IKESCOPE_BASE_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strtok
#undef atoi
#undef atol
#define BANNED(function) banned_##function##_has_no_bound
#define strcpy           BANNED(strcpy)
#define strcat           BANNED(strcat)
#define sprintf          BANNED(sprintf)
#define vsprintf         BANNED(vsprintf)
#define strtok           BANNED(strtok)
#define atoi             BANNED(atoi)
#define atol             BANNED(atol)
#endif
