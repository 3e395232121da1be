/* IKE_SA_INIT requests that wait for their answer: what they carry is needed to derive keys and to verify AUTH. In a flood of
 * requests the oldest is given up; where there are keys, so that this may be missed, the limit HALF_OPEN counts it. */
#ifndef IKESCOPE_DECODER_HALF_OPEN_H
#define IKESCOPE_DECODER_HALF_OPEN_H

#include "model/model.h"

struct half_open {
    struct half_open *alike;         /* in the same bucket */
    struct half_open *older, *newer; /* by when they came */
    uint64_t spi_i;
    uint8_t *octets;
    size_t len;
    size_t ke_at, ke_len, nonce_at, nonce_len;
    uint16_t group;
    bool refused; /* by an answer that wants another request: a cookie, a group */
};

struct half_opens { /* zeroed it is empty and valid */
    struct half_open **at;
    struct half_open *oldest, *newest;
    uint64_t octets; /* held in all, these structures included */
};

struct half_open *half_open_find(const struct half_opens *all, uint64_t spi_i); /* NULL: none waits */
/* half_open_keep copies the request, which takes the place of an earlier one of this SPI. The caller sets the other members. */
struct half_open *half_open_keep(struct half_opens *all, struct model *m, uint64_t spi_i, struct bytes request);
void half_open_drop(struct half_opens *all, struct half_open *h);
void half_opens_clear(struct half_opens *all);

#endif
