/* Cisco IOS-XE: "IKEv2:(SESSION ID = 31,SA ID = 1):text", IKEv2-INTERNAL, IKEv2-ERROR, IKEv2-PAK. Only what IOS does not
 * say; the rest is in ios.c. */
#include "parser/dialect.h"

/* {anchor, pattern, code, sample} */
static const struct phrase phrases[] = {
    { "IKEv2 Tunnel ", NULL, CODE_STEP_SESSION, "IKEv2 Tunnel created" },
    { "Quantum-safe Encryption using ", "using (?<method>.*)", CODE_STEP_AUTH, "Quantum-safe Encryption using Manual PPK" },
    { "PPK is mandatory", NULL, CODE_AUTH_FAILED, "PPK is mandatory but peer does not support PPK" },
    { "PPK ", "(?i)mismatch", CODE_AUTH_FAILED, "PPK ID mismatch" },
    { "PPK ", "(?i)required", CODE_AUTH_FAILED, "PPK required but not negotiated" },
    { "Failed to find PPK", NULL, CODE_AUTH_FAILED, "Failed to find PPK for the id of the peer" },
    { "No PPK ", NULL, CODE_AUTH_FAILED, "No PPK configured for peer" },
    { "Dynamic PPK", NULL, CODE_STEP_AUTH, "Dynamic PPK retrieved from SKS server" },
    { "Additional Key Exchange", NULL, CODE_STEP_CRYPTO, "Additional Key Exchange completed" },
    { "Received IKE_INTERMEDIATE", NULL, CODE_EXCHANGE_BEGUN, "Received IKE_INTERMEDIATE message" },
    { "Deleting IKE SA", NULL, CODE_SA_DELETED, "Deleting IKE SA for rekeyed session" },
    { "Peer has sent X509 certificates", NULL, CODE_CERT_CHAIN, "Peer has sent X509 certificates" },
    { "Peer is not sending certificate", NULL, CODE_CERT_CHAIN, "Peer is not sending certificate" },
    { "[IKEv2 -> PKI] ", NULL, CODE_PKI_STEP, "[IKEv2 -> PKI] Validating certificate chain" },
    { "[PKI -> IKEv2] Validation of certificate chain FAILED", NULL, CODE_CERT_FAILED,
      "[PKI -> IKEv2] Validation of certificate chain FAILED" },
    { "[PKI -> IKEv2] ", "alidati(on|ng).*FAILED", CODE_CERT_FAILED, "[PKI -> IKEv2] Validating certificate chain FAILED" },
    { "[PKI -> IKEv2] Getting ", "chain for the trustpoint.*FAILED", CODE_CERT_OWN_FAILED,
      "[PKI -> IKEv2] Getting of cert chain for the trustpoint FAILED" },
    { "[PKI -> IKEv2] ", NULL, CODE_PKI_STEP, "[PKI -> IKEv2] Getting of cert chain for the trustpoint PASSED" },
    { "[IKEv2 -> AAA] ", NULL, CODE_AAA_STEP, "[IKEv2 -> AAA] Authorisation request sent" },
    { "[AAA -> IKEv2] ", "(?i)fail|reject|error", CODE_AAA_FAILED,
      "[AAA -> IKEv2] Received AAA authorisation response: failure" },
    { "[IPsec -> IKEv2] Callback received for the validate proposal", "FAILED", CODE_IPSEC_REFUSED,
      "[IPsec -> IKEv2] Callback received for the validate proposal - FAILED." },
    { "[IPsec -> IKEv2] ", "FAILED", CODE_IPSEC_FAILED, "[IPsec -> IKEv2] Creation of IPsec SA into IPsec database FAILED" },
    { "[AAA -> IKEv2] ", NULL, CODE_AAA_STEP, "[AAA -> IKEv2] Received AAA authorisation response" },
    { "Retrieving trustpoint(s) from ", NULL, CODE_PKI_STEP, "Retrieving trustpoint(s) from received certificate hash(es)" },
    { "Retrieved trustpoint(s): ", "\\(s\\): (?<trustpoint>.*)", CODE_PKI_STEP, "Retrieved trustpoint(s): 'TP'" },
    { "Failed to retrieve Certificate Issuer list", NULL, CODE_CERT_CHAIN, "Failed to retrieve Certificate Issuer list" },
    { "Dead peer", NULL, CODE_DPD_DEAD, "Dead peer detected" },
    { "A max of ", NULL, CODE_REQUEST_REJECTED, "A max of 40 negotiating sessions reached" },
};

const struct dialect dialect_iosxe = {
    .name = "iosxe",
    .kind = INPUT_IOSXE_DEBUG,
    .title = "Cisco IOS-XE debug crypto ikev2",
    PHRASES(phrases),
};
