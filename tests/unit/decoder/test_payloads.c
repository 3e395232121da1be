/* Every payload to its facts, and at every shorter length: less is known then, nothing is read that is not there. */
#include "decoder/payload.h"
#include "test.h"
#include "unit/decoder/facts.h"

static const char certificate[] =
    "308201d130820177a00302010202021234300a06082a8648ce3d0403023035310b30090603550406130243483111300f060355040a0c084c61622c"
    "20496e633113301106035504030c0a72312e6578616d706c65301e170d3236313132343031333330355a170d3336313132313031333330355a3035"
    "310b30090603550406130243483111300f060355040a0c084c61622c20496e633113301106035504030c0a72312e6578616d706c65305930130607"
    "2a8648ce3d020106082a8648ce3d03010703420004ba66aa71e5a255896452eafa249f91d87f1e9a0903058120ea7b1b8cf57b2ad18cb5a4569581"
    "29f2ef44fa8cd7cf29f7bcffd86272db4cd9c40957ed02422a5ba377307530280603551d110421301f820a72312e6578616d706c6587040a000001"
    "810b6f7073406578616d706c65300b0603551d0f040403020780301d0603551d250416301406082b0601050507030106082b06010505070311301d"
    "0603551d0e04160414811bae649e2897674018bcc621f967805a69ab1d300a06082a8648ce3d0403020348003045022100b7cb0368d046b58c5723"
    "24d226dfc4f3b20d3a0c026a6bc1eadf16cbf3a8336b02206693b2d5e2931001e7ec53825fb176be4c108cf17d8c61a5acd21202afd97d20";

/* payload type, body in hex, malformed, facts */
static const struct sample {
    unsigned type;
    const char *hex;
    bool malformed;
    const char *want;
} samples[] = {
    { PAYLOAD_SA, "0000002c010100040300000c0100000c800e010003000008020000020300000803000002000000080400000e", false,
      "proposals=[{number=1 protocol=IKE transforms=[{type=ENCR id=12 name=ENCR_AES_CBC key_length=256} "
      "{type=PRF id=2 name=PRF_HMAC_SHA1} {type=INTEG id=2 name=AUTH_HMAC_SHA1_96} {type=KE id=14 "
      "name=MODP_2048}]}]" },
    { PAYLOAD_SA, "02000014010304010a0b0c0d00000008050000010000001c020304020a0b0c0e03000008060000240000000863000007", false,
      "proposals=[{number=1 protocol=ESP spi=0a0b0c0d transforms=[{type=ESN id=1 name=Extended Sequence "
      "Numbers}]} {number=2 protocol=ESP spi=0a0b0c0e transforms=[{type=ADDKE1 id=36 name=ML_KEM_768} "
      "{type=#99 id=7}]}]" },
    { PAYLOAD_SA, "0000001e01010001000000160100000c800e00808001000500120002beef", false,
      "proposals=[{number=1 protocol=IKE transforms=[{type=ENCR id=12 name=ENCR_AES_CBC key_length=128 "
      "attributes=[{attribute=1 value=0005} {attribute=18 value=beef}]}]}]" },
    { PAYLOAD_SA, "00000010010100020000000802000005", true,
      "proposals=[{number=1 protocol=IKE transforms=[{type=PRF id=5 name=PRF_HMAC_SHA2_256}]}]" },
    { PAYLOAD_SA, "0000001001010001000000080200000500000010020100010000000802000006", true,
      "proposals=[{number=1 protocol=IKE transforms=[{type=PRF id=5 name=PRF_HMAC_SHA2_256}]} {number=2 "
      "protocol=IKE transforms=[{type=PRF id=6 name=PRF_HMAC_SHA2_384}]}]" },
    { PAYLOAD_SA, "0000000801010000", false, "proposals=[{number=1 protocol=IKE transforms=[]}]" },
    { PAYLOAD_SA, "", true, "proposals=[]" },
    { PAYLOAD_SA, "00000004", true, "proposals=[]" },
    { PAYLOAD_TSI, "010000000a00000601ff", false, "selectors=[{type=TS_SECLABEL data=01ff}]" },
    { PAYLOAD_KE, "001f00000102030405", false, "group=31 group_name=CURVE25519 data=0102030405" },
    { PAYLOAD_KE, "03e7000001", false, "group=999 data=01" },
    { PAYLOAD_KE, "000e", true, "group=14 group_name=MODP_2048" },
    { PAYLOAD_KE, "00", true, "" },
    { PAYLOAD_NOTIFY, "", true, "" },
    { PAYLOAD_NOTIFY, "010400", true, "" },
    { PAYLOAD_IDI, "010000000a000001", false, "id_type=ID_IPV4_ADDR data=0a000001 id='10.0.0.1'" },
    { PAYLOAD_IDI, "010000000a0000", true, "id_type=ID_IPV4_ADDR data=0a0000" },
    { PAYLOAD_IDI, "05000000fd000000000000000000000000000001", false,
      "id_type=ID_IPV6_ADDR data=fd000000000000000000000000000001 id='fd00::1'" },
    { PAYLOAD_IDR, "0200000067772e6578616d706c65", false, "id_type=ID_FQDN data=67772e6578616d706c65 id='gw.example'" },
    { PAYLOAD_IDR, "03000000614062", false, "id_type=ID_RFC822_ADDR data=614062 id='a@b'" },
    { PAYLOAD_IDI,
      "090000003035310b30090603550406130243483111300f060355040a0c084c61622c20496e633113301106035504030c"
      "0a72312e6578616d706c65",
      false,
      "id_type=ID_DER_ASN1_DN "
      "data=3035310b30090603550406130243483111300f060355040a0c084c61622c20496e633113301106035504030c0a72312e6578616d706c65 "
      "id='C=CH, O=Lab\\, Inc, CN=r1.example'" },
    { PAYLOAD_IDI, "090000003005", true, "id_type=ID_DER_ASN1_DN data=3005" },
    { PAYLOAD_IDI, "0a00000082026162", false, "id_type=ID_DER_ASN1_GN data=82026162 id='DNS:ab'" },
    { PAYLOAD_IDI, "0a00000087040a000001", false, "id_type=ID_DER_ASN1_GN data=87040a000001 id='IP:10.0.0.1'" },
    { PAYLOAD_IDI, "0b00000000ff", false, "id_type=ID_KEY_ID data=00ff id='00ff'" },
    { PAYLOAD_IDI, "0b00000067726f757031", false, "id_type=ID_KEY_ID data=67726f757031 id='group1'" },
    { PAYLOAD_IDI, "0c0000001000000000000001", false, "id_type=ID_FC_NAME data=1000000000000001 id='1000000000000001'" },
    { PAYLOAD_IDI, "0d000000", false, "id_type=ID_NULL" },
    { PAYLOAD_IDG, "0b00000041", false, "id_type=ID_KEY_ID data=41 id='A'" },
    { PAYLOAD_IDI, "c800000041", false, "id_type=#200 data=41 id='A'" },
    { PAYLOAD_CERT, "0c1111111111111111111111111111111111111111687474703a2f2f782f63", false,
      "encoding=Hash and URL of X.509 certificate sha1=1111111111111111111111111111111111111111 "
      "url='http://x/c'" },
    { PAYLOAD_CERT, "043000", true, "encoding=X.509 Certificate - Signature data=3000" },
    { PAYLOAD_CERT, "6301", false, "encoding=#99 data=01" },
    { PAYLOAD_CERTREQ, "04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", false,
      "encoding=X.509 Certificate - Signature authorities=[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb]" },
    { PAYLOAD_CERTREQ, "04", false, "encoding=X.509 Certificate - Signature" },
    { PAYLOAD_CERTREQ, "0eaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false,
      "encoding=OCSP Content authorities=[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]" },
    { PAYLOAD_CERTREQ, "04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true,
      "encoding=X.509 Certificate - Signature data=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    { PAYLOAD_CERTREQ, "010102", false, "encoding=PKCS #7 wrapped X.509 certificate data=0102" },
    { PAYLOAD_AUTH, "020000000102", false, "method=Shared Key Message Integrity Code number=2 data=0102" },
    { PAYLOAD_AUTH, "c80000000102", false, "number=200 data=0102" },
    { PAYLOAD_AUTH, "0e0000000f300d06092a864886f70d01010b0500cafe", false,
      "method=Digital Signature number=14 signature='RSASSA-PKCS1-v1_5 with SHA2-256' "
      "data=0f300d06092a864886f70d01010b0500cafe" },
    { PAYLOAD_AUTH,
      "0e00000043304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f7"
      "0d010108300d06096086480165030402010500a203020120cafe",
      false,
      "method=Digital Signature number=14 signature='RSASSA-PSS with SHA2-256' "
      "data="
      "43304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648016503040201"
      "0500a203020120cafe" },
    { PAYLOAD_AUTH, "0e0000000c300a06082a8648ce3d040303cafe", false,
      "method=Digital Signature number=14 signature='ECDSA with SHA2-384' "
      "data=0c300a06082a8648ce3d040303cafe" },
    { PAYLOAD_AUTH, "0e00000007300506032b6570cafe", false,
      "method=Digital Signature number=14 signature='Ed25519' data=07300506032b6570cafe" },
    { PAYLOAD_AUTH, "0e000000050102", true, "method=Digital Signature number=14 data=050102" },
    { PAYLOAD_NONCE, "00000000000000000000000000000000", false, "data=00000000000000000000000000000000" },
    { PAYLOAD_NONCE, "000000000000000000000000000000", true, "data=000000000000000000000000000000" },
    { PAYLOAD_NOTIFY, "00004000", false, "notify=INITIAL_CONTACT number=16384" },
    { PAYLOAD_NOTIFY, "0000000e", false, "notify=NO_PROPOSAL_CHOSEN number=14" },
    { PAYLOAD_NOTIFY, "00000001c8", false, "notify=UNSUPPORTED_CRITICAL_PAYLOAD number=1 data=c8 payload_type=#200" },
    { PAYLOAD_NOTIFY, "0000000520", false, "notify=INVALID_MAJOR_VERSION number=5 data=20 version=32" },
    { PAYLOAD_NOTIFY, "0000000900000007", false, "notify=INVALID_MESSAGE_ID number=9 data=00000007 message_id=7" },
    { PAYLOAD_NOTIFY, "0000000b0a0b0c0d", false, "notify=INVALID_SPI number=11 data=0a0b0c0d invalid_spi=0a0b0c0d" },
    { PAYLOAD_NOTIFY, "000000110013", false, "notify=INVALID_KE_PAYLOAD number=17 data=0013 group=19 group_name=ECP_256" },
    { PAYLOAD_NOTIFY, "0000001113", true, "notify=INVALID_KE_PAYLOAD number=17 data=13" },
    { PAYLOAD_NOTIFY, "0304002c01020304", false, "protocol=ESP notify=CHILD_SA_NOT_FOUND number=44 spi=01020304" },
    { PAYLOAD_NOTIFY, "0304400901020304", false, "protocol=ESP notify=REKEY_SA number=16393 spi=01020304" },
    { PAYLOAD_NOTIFY, "0000400100000005", false, "notify=SET_WINDOW_SIZE number=16385 data=00000005 window=5" },
    { PAYLOAD_NOTIFY, "00004003abcd02", false,
      "notify=IPCOMP_SUPPORTED number=16387 data=abcd02 cpi=43981 transform=IPCOMP_DEFLATE" },
    { PAYLOAD_NOTIFY, "000040040000000000000000000000000000000000000000", false,
      "notify=NAT_DETECTION_SOURCE_IP number=16388 data=0000000000000000000000000000000000000000 "
      "hash=0000000000000000000000000000000000000000 verdict='differs'" },
    { PAYLOAD_NOTIFY, "00004005bfe5d53254194a35aadbc5bafafc4a807a30ad68", false,
      "notify=NAT_DETECTION_DESTINATION_IP number=16389 data=bfe5d53254194a35aadbc5bafafc4a807a30ad68 "
      "hash=bfe5d53254194a35aadbc5bafafc4a807a30ad68 verdict='matches'" },
    { PAYLOAD_NOTIFY, "000040060102", false, "notify=COOKIE number=16390 data=0102 cookie=0102" },
    { PAYLOAD_NOTIFY, "0000400dc0a80001", false, "notify=ADDITIONAL_IP4_ADDRESS number=16397 data=c0a80001 address=192.168.0.1" },
    { PAYLOAD_NOTIFY, "0000400efd000000000000000000000000000001", false,
      "notify=ADDITIONAL_IP6_ADDRESS number=16398 data=fd000000000000000000000000000001 address=fd00::1" },
    { PAYLOAD_NOTIFY, "0000401101", false, "notify=COOKIE2 number=16401 data=01 cookie=01" },
    { PAYLOAD_NOTIFY, "0000401300000e10", false, "notify=AUTH_LIFETIME number=16403 data=00000e10 lifetime=3600" },
    { PAYLOAD_NOTIFY, "0000401701040a000009aabb", false,
      "notify=REDIRECT number=16407 data=01040a000009aabb gateway_type=IPv4 address of the VPN gateway "
      "gateway=10.0.0.9 nonce=aabb" },
    { PAYLOAD_NOTIFY, "00004018030467772e78", false,
      "notify=REDIRECTED_FROM number=16408 data=030467772e78 gateway_type=FQDN of the VPN gateway "
      "gateway='gw.x'" },
    { PAYLOAD_NOTIFY, "0000401703ff41", true, "notify=REDIRECT number=16407 data=03ff41 gateway_type=FQDN of the VPN gateway" },
    { PAYLOAD_NOTIFY, "000040190000003c0102", false,
      "notify=TICKET_LT_OPAQUE number=16409 data=0000003c0102 lifetime=60 ticket=0102" },
    { PAYLOAD_NOTIFY, "0000401d0102", false, "notify=TICKET_OPAQUE number=16413 data=0102 ticket=0102" },
    { PAYLOAD_NOTIFY, "0000401e0102", false, "notify=LINK_ID number=16414 data=0102 link=0102" },
    { PAYLOAD_NOTIFY, "000040208001000f00030002beef", false,
      "notify=ROHC_SUPPORTED number=16416 data=8001000f00030002beef attributes=[{attribute=1 value=15} "
      "{attribute=3 value=beef}]" },
    { PAYLOAD_NOTIFY, "000040230102", false, "notify=QUICK_CRASH_DETECTION number=16419 data=0102 token=0102" },
    { PAYLOAD_NOTIFY, "00004026010203040000000500000006", false,
      "notify=IKEV2_MESSAGE_ID_SYNC number=16422 data=010203040000000500000006 nonce=01020304 "
      "expected_send=5 expected_receive=6" },
    { PAYLOAD_NOTIFY, "000040270000000000000100", false,
      "notify=IPSEC_REPLAY_COUNTER_SYNC number=16423 data=0000000000000100 counter=256" },
    { PAYLOAD_NOTIFY, "0000402800010009", false, "notify=SECURE_PASSWORD_METHODS number=16424 data=00010009 methods=['PACE' 9]" },
    { PAYLOAD_NOTIFY, "0000402b782e79", false, "notify=ERX_SUPPORTED number=16427 data=782e79 domain='x.y'" },
    { PAYLOAD_NOTIFY, "0000402f000200050063", false,
      "notify=SIGNATURE_HASH_ALGORITHMS number=16431 data=000200050063 hashes=[SHA2-256 Identity #99]" },
    { PAYLOAD_NOTIFY, "0000403200050a", false, "notify=PUZZLE number=16434 data=00050a prf=PRF_HMAC_SHA2_256 difficulty=10" },
    { PAYLOAD_NOTIFY, "000040340270706b31", false,
      "notify=PPK_IDENTITY number=16436 data=0270706b31 ppk_id_type=2 ppk_id_type_name='PPK_ID_FIXED' "
      "ppk_id='ppk1'" },
    { PAYLOAD_NOTIFY, "0000403e0270706b310102030405060708", false,
      "notify=PPK_IDENTITY_KEY number=16446 data=0270706b310102030405060708 ppk_id_type=2 "
      "ppk_id_type_name='PPK_ID_FIXED' ppk_id='ppk1' confirmation=0102030405060708" },
    { PAYLOAD_NOTIFY, "000040390102", false, "notify=ADDITIONAL_KEY_EXCHANGE number=16441 data=0102 link=0102" },
    { PAYLOAD_NOTIFY, "0000403a03", false,
      "notify=USE_AGGFRAG number=16442 data=03 flags=3 dont_fragment=true congestion_control=true" },
    { PAYLOAD_NOTIFY, "0000403b0202030e01", false,
      "notify=SUPPORTED_AUTH_METHODS number=16443 data=0202030e01 methods=[{method=Shared Key Message "
      "Integrity Code} {method=Digital Signature authority=1}]" },
    { PAYLOAD_NOTIFY, "0000a027706565722073616964206e6f", false,
      "number=40999 data=706565722073616964206e6f text='peer said no'" },
    { PAYLOAD_NOTIFY, "0000a02700", false, "number=40999 data=00" },
    { PAYLOAD_DELETE, "01000000", false, "protocol=IKE count=0" },
    { PAYLOAD_DELETE, "030400020102030405060708", false, "protocol=ESP count=2 spis=[01020304 05060708]" },
    { PAYLOAD_DELETE, "030400030102030405060708", true, "protocol=ESP count=3 spis=[01020304 05060708]" },
    { PAYLOAD_DELETE, "0300000101020304", true, "protocol=ESP count=1 data=01020304" },
    { PAYLOAD_DELETE, "030800010102030405060708", true, "protocol=ESP count=1 spis=[0102030405060708]" },
    { PAYLOAD_VENDOR, "882fe56d6fd20dbc2251613b2ebe5beb", false, "vendor='strongSwan' data=882fe56d6fd20dbc2251613b2ebe5beb" },
    { PAYLOAD_VENDOR, "4048b7d56ebce88525e7de7f00d6c2d3c0000000", false,
      "vendor='FRAGMENTATION' data=4048b7d56ebce88525e7de7f00d6c2d3c0000000" },
    { PAYLOAD_VENDOR, "434953434f2d44454c4554452d524541534f4e", false,
      "vendor='Cisco DELETE-REASON' data=434953434f2d44454c4554452d524541534f4e" },
    { PAYLOAD_VENDOR, "534f4d4520424f58", false, "vendor='SOME BOX' data=534f4d4520424f58" },
    { PAYLOAD_VENDOR, "0001", false, "data=0001" },
    { PAYLOAD_VENDOR, "", false, "" },
    { PAYLOAD_TSI, "0100000007060010005000510a0000000a0000ff", false,
      "selectors=[{type=TS_IPV4_ADDR_RANGE protocol=6 start_port=80 end_port=81 start=10.0.0.0 "
      "end=10.0.0.255}]" },
    { PAYLOAD_TSR,
      "02000000080000280000fffffd000000000000000000000000000000fd00000000000000ffffffffffffffff0a000008"
      "6c616200",
      false,
      "selectors=[{type=TS_IPV6_ADDR_RANGE protocol=0 start_port=0 end_port=65535 start=fd00:: "
      "end=fd00::ffff:ffff:ffff:ffff} {type=TS_SECLABEL label='lab' data=6c616200}]" },
    { PAYLOAD_TSI, "0100000009000010000102030004050601020304", false,
      "selectors=[{type=TS_FC_ADDR_RANGE protocol=0 start_fc=010203 end_fc=040506 start_r_ctl=1 "
      "start_type=2 end_r_ctl=3 end_type=4}]" },
    { PAYLOAD_TSI, "02000000070000100000ffff0a0000000a0000ff", true,
      "selectors=[{type=TS_IPV4_ADDR_RANGE protocol=0 start_port=0 end_port=65535 start=10.0.0.0 "
      "end=10.0.0.255}]" },
    { PAYLOAD_TSI, "0100000007000003", true, "selectors=[]" },
    { PAYLOAD_SK, "01020304", false, "data_length=4" },
    { PAYLOAD_SKF, "000100030102", false, "fragment=1 fragments=3 data_length=2" },
    { PAYLOAD_SKF, "000400030102", true, "fragment=4 fragments=3 data_length=2" },
    { PAYLOAD_CP, "010000000001000000030000", false,
      "cfg_type=CFG_REQUEST attributes=[{attribute=INTERNAL_IP4_ADDRESS number=1 length=0} "
      "{attribute=INTERNAL_IP4_DNS number=3 length=0}]" },
    { PAYLOAD_CP,
      "02000000000100040a090001000d00080a000000ff00000000080011fd00000000000000000000000000000140000700"
      "027631",
      false,
      "cfg_type=CFG_REPLY attributes=[{attribute=INTERNAL_IP4_ADDRESS number=1 length=4 value=10.9.0.1} "
      "{attribute=INTERNAL_IP4_SUBNET number=13 length=8 value=10.0.0.0 netmask=255.0.0.0} "
      "{attribute=INTERNAL_IP6_ADDRESS number=8 length=17 value=fd00::1 prefix_length=64} "
      "{attribute=APPLICATION_VERSION number=7 length=2 value='v1'}]" },
    { PAYLOAD_CP, "02000000000e0004000100087000000268697004000e0a000000ff0000000000000000005999000107", false,
      "cfg_type=CFG_REPLY attributes=[{attribute=SUPPORTED_ATTRIBUTES number=14 length=4 "
      "value=[INTERNAL_IP4_ADDRESS INTERNAL_IP6_ADDRESS]} {attribute=UNITY_BANNER number=28672 length=2 "
      "value='hi'} {attribute=UNITY_SPLIT_INCLUDE number=28676 length=14 value=[{address=10.0.0.0 "
      "netmask=255.0.0.0}]} {number=22937 length=1 value=07}]" },
    { PAYLOAD_CP, "02000000000100030a0900", true,
      "cfg_type=CFG_REPLY attributes=[{attribute=INTERNAL_IP4_ADDRESS number=1 length=3 value=0a0900}]" },
    { PAYLOAD_CP, "02000000001b0010000101030a000035612e626b65790000", false,
      "cfg_type=CFG_REPLY attributes=[{attribute=ENCDNS_IP4 number=27 length=16 priority=1 "
      "addresses=[10.0.0.53] authentication_domain_name='a.b' service_parameters=6b65790000}]" },
    { PAYLOAD_CP, "02000000001c00090001000361c3a90000001d0009020261620002000399", false,
      "cfg_type=CFG_REPLY attributes=[{attribute=ENCDNS_IP6 number=28 length=9 priority=1 addresses=[] "
      "authentication_domain_name='aé' "
      "service_parameters=0000} {attribute=ENCDNS_DIGEST_INFO number=29 length=9 authentication_domain_name='ab' "
      "hashes=[SHA2-256 SHA2-384] digest=99}]" },
    { PAYLOAD_CP, "02000000001a00064a5c0802abcd00130014fd0000000000000000000000000000010a000001001d00030200ff", true,
      "cfg_type=CFG_REPLY attributes=[{attribute=INTERNAL_DNSSEC_TA number=26 length=6 key_tag=19036 algorithm=8 digest_type=2 "
      "digest=abcd} {attribute=HOME_AGENT_ADDRESS number=19 length=20 value=fd00::1 value4=10.0.0.1} "
      "{attribute=ENCDNS_DIGEST_INFO number=29 length=3 value=0200ff}]" },
    { PAYLOAD_EAP,
      "02010019fe00000900000001"
      "3c70617373776f72643e413c2f",
      false, "code=Response identifier=1 eap_type=Expanded Type vendor_id=9 vendor_type=1 password_length=13" },
    { PAYLOAD_EAP, "0201000805313233", false, "code=Response identifier=1 eap_type=One-Time Password (OTP) password_length=3" },
    { PAYLOAD_EAP, "03030004", false, "code=Success identifier=3" },
    { PAYLOAD_EAP, "0200000a016361726f6c", false, "code=Response identifier=0 eap_type=Identity identity='carol'" },
    { PAYLOAD_EAP, "0100000501", false, "code=Request identifier=0 eap_type=Identity" },
    { PAYLOAD_EAP, "01b100211a01b1001c101111111111111111111111111111111173657276657237", false,
      "code=Request identifier=177 eap_type=MS-EAP-Authentication opcode=1 opcode_name='Challenge' "
      "ms_id=177 challenge=11111111111111111111111111111111 name='server7'" },
    { PAYLOAD_EAP, "02b200061a03", false,
      "code=Response identifier=178 eap_type=MS-EAP-Authentication opcode=3 opcode_name='Success'" },
    { PAYLOAD_EAP, "01b200121a04b2000d453d36393120523d31", false,
      "code=Request identifier=178 eap_type=MS-EAP-Authentication opcode=4 opcode_name='Failure' "
      "ms_id=178 message='E=691 R=1'" },
    { PAYLOAD_EAP, "0201000c0402abcd626f6231", false,
      "code=Response identifier=1 eap_type=MD5-Challenge response=abcd name='bob1'" },
    { PAYLOAD_EAP, "0201000a0668656c6c6f", false,
      "code=Response identifier=1 eap_type=Generic Token Card (GTC) password_length=5" },
    { PAYLOAD_EAP, "02010007031a0d", false,
      "code=Response identifier=1 eap_type=Legacy Nak desired=[MS-EAP-Authentication EAP-TLS]" },
    { PAYLOAD_EAP, "0101000c0dc0000001001603", false,
      "code=Request identifier=1 eap_type=EAP-TLS flags=192 start=false more_fragments=true "
      "tls_length=256 tls=1603" },
    { PAYLOAD_EAP, "01010014170100000b0101020e02000361626300", false,
      "code=Request identifier=1 eap_type=EAP-AKA Authentication subtype=1 subtype_name='AKA-Challenge' "
      "attributes=[{attribute=11 name='AT_MAC' value=0102} {attribute=14 name='AT_IDENTITY' "
      "identity='abc'}]" },
    { PAYLOAD_EAP, "0101000dfe0055970000000101", false,
      "code=Request identifier=1 eap_type=Expanded Type vendor_id=21911 vendor_type=1 method='EAP-TNC' "
      "value=01" },
    { PAYLOAD_EAP, "01010009c801", true, "code=Request identifier=1 eap_type=#200 data=01" },
    { PAYLOAD_GSPM, "0102", false, "data=0102" },
    { PAYLOAD_GSA, "0102", false, "data=0102" },
    { PAYLOAD_KD, "0102", false, "data=0102" },
    { PAYLOAD_PS, "0102", false, "data=0102" },
};

static void read_sample(struct arena *arena, unsigned type, struct bytes body, struct payload *p)
{
    struct message m = { .spi_i = spi_of(0x0102030405060708, 16), .spi_r = spi_of(0, 16) };
    endpoint_read(TEXT("10.0.0.1:500"), &m.source);
    endpoint_read(TEXT("10.0.0.2:500"), &m.destination);
    *p = (struct payload){ .type = (uint8_t)type };
    uint8_t *at = exact(body);
    payload_read(arena, bytes_over(at, body.len), 32, true, &m, p);
    free(at);
}

static void check_sample(const struct sample *s)
{
    uint8_t octets[512];
    size_t len = text_unhex(text_of(s->hex), octets, sizeof octets);
    CHECK(len != TEXT_NOWHERE);
    if (len == TEXT_NOWHERE)
        return;
    struct arena *arena = arena_create();
    struct payload p;
    read_sample(arena, s->type, bytes_over(octets, len), &p);
    CHECK_TEXT(facts_text(arena, p.facts), s->want);
    CHECK(p.malformed == s->malformed);
    if (p.malformed != s->malformed)
        fprintf(stderr, "  of %s\n", s->hex);
    for (size_t shorter = 0; shorter < len; shorter++) {
        read_sample(arena, s->type, bytes_over(octets, shorter), &p);
        facts_text(arena, p.facts);
    }
    for (size_t bit = 0; bit < len * 8; bit++) {
        octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
        read_sample(arena, s->type, bytes_over(octets, len), &p);
        octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    arena_destroy(arena);
}

static void check_certificate(void)
{
    uint8_t octets[1 + sizeof certificate / 2] = { CERT_X509_SIGNATURE };
    size_t len = 1 + text_unhex(text_of(certificate), octets + 1, sizeof octets - 1);
    struct arena *arena = arena_create();
    struct payload p;
    read_sample(arena, PAYLOAD_CERT, bytes_over(octets, len), &p);
    CHECK(!p.malformed);
    CHECK_TEXT(fact_get_text(p.facts, "subject"), "C=CH, O=Lab\\, Inc, CN=r1.example");
    CHECK_TEXT(fact_get_text(p.facts, "issuer"), "C=CH, O=Lab\\, Inc, CN=r1.example");
    CHECK_TEXT(fact_get_text(p.facts, "serial"), "1234");
    CHECK_TEXT(fact_get_text(p.facts, "not_before"), "2026-11-24T01:33:05Z");
    CHECK_TEXT(fact_get_text(p.facts, "not_after"), "2036-11-21T01:33:05Z");
    CHECK_TEXT(fact_get_text(p.facts, "key"), "EC P-256");
    CHECK_TEXT(fact_get_text(p.facts, "signature_algorithm"), "ecdsa-with-SHA256");
    uint64_t bits = 0, self = 0;
    CHECK(fact_get_number(p.facts, "key_bits", &bits) && bits == 256);
    CHECK(fact_get_number(p.facts, "self_issued", &self) && self);
    CHECK_TEXT(facts_text(arena, fact_find(p.facts, "subject_alt_names")->as.child),
               "'DNS:r1.example' 'IP:10.0.0.1' 'email:ops@example'");
    CHECK_TEXT(facts_text(arena, fact_find(p.facts, "key_usage")->as.child), "'digitalSignature'");
    CHECK_TEXT(facts_text(arena, fact_find(p.facts, "extended_key_usage")->as.child), "'serverAuth' 'ipsecIKE'");
    struct buffer b;
    buffer_init(&b, 200);
    buffer_hex(&b, fact_get_octets(p.facts, "sha1"));
    CHECK_TEXT(buffer_view(&b), "17a65837fd5ceb262a119d4592e978d1e9ad3f2b");
    buffer_clear(&b);
    CHECK_NUMBER(fact_get_octets(p.facts, "data").len, len - 1);
    CHECK_NUMBER(fact_find(p.facts, "data")->offset, 33);
    for (size_t shorter = 0; shorter < len; shorter++) {
        read_sample(arena, PAYLOAD_CERT, bytes_over(octets, shorter), &p);
        CHECK(!fact_find(p.facts, "subject"));
    }
    arena_destroy(arena);
}

/* Raw public keys and certificates in PKCS #7 are not in samples: their octets are parts of the certificate. */
static void check_raw_key(void)
{
    uint8_t octets[1 + sizeof certificate / 2] = { CERT_RAW_KEY };
    size_t len = text_unhex(text_of(certificate), octets + 1, sizeof octets - 1);
    enum { KEY_AT = 171, KEY_LENGTH = 91 };
    CHECK(len > KEY_AT + KEY_LENGTH);
    memmove(octets + 1, octets + 1 + KEY_AT, KEY_LENGTH);
    struct arena *arena = arena_create();
    struct payload p;
    read_sample(arena, PAYLOAD_CERT, bytes_over(octets, 1 + KEY_LENGTH), &p);
    CHECK(!p.malformed);
    CHECK_TEXT(fact_get_text(p.facts, "key"), "EC P-256");
    arena_destroy(arena);
}

/* Facts of a payload in the clear say where they stand in the message; in one that was decrypted, they have no place there. */
static void check_places(void)
{
    struct arena *arena = arena_create();
    static const uint8_t ke[] = { 0, 14, 0, 0, 0xaa, 0xbb };
    for (int placed = 0; placed < 2; placed++) {
        struct message m = { .payloads = NULL };
        struct payload p = { .type = PAYLOAD_KE };
        payload_read(arena, bytes_over(ke, sizeof ke), 32, placed, &m, &p);
        const struct fact *group = fact_find(p.facts, "group"), *data = fact_find(p.facts, "data");
        CHECK(group && data);
        if (!group || !data)
            continue;
        CHECK_NUMBER(group->offset, placed ? 32 : 0);
        CHECK_NUMBER(group->length, placed ? 2 : 0);
        CHECK_NUMBER(data->offset, placed ? 36 : 0);
        CHECK_NUMBER(data->length, placed ? 2 : 0);
    }
    arena_destroy(arena);
}

/* As many members as the limit allows are read; of one more the message says so, and the rest is passed over. */
static void check_limit(void)
{
    enum { MOST = LIMIT_ATTRIBUTES };
    static uint8_t cp[4 + 4 * (MOST + 1)] = { CFGTYPE_REQUEST };
    struct arena *arena = arena_create();
    for (unsigned i = 0; i <= MOST; i++)
        cp[4 + 4 * i + 1] = CFGATTR_INTERNAL_IP4_DNS;
    for (unsigned more = 0; more < 2; more++) {
        struct message m = { .payloads = NULL };
        struct payload p = { .type = PAYLOAD_CP };
        payload_read(arena, bytes_over(cp, 4 + 4 * (MOST + more)), 32, true, &m, &p);
        size_t count = 0;
        for (const struct fact *f = fact_members(p.facts, "attributes"); f; f = f->next)
            count++;
        CHECK_NUMBER(count, MOST);
        CHECK_NUMBER(p.malformed, more);
        CHECK(m.over == (more ? limit_bit(OVER_ATTRIBUTES) : 0));
    }
    arena_destroy(arena);
}

/* UTF-8 (RFC 3629), at the first and last octets that begin a character, and with one that is cut. */
static void check_printable(void)
{
    static const char *const good[] = { " ",
                                        "~",
                                        "gr\xc3\xbc\xc3\x9f",
                                        "\xc2\xa0",
                                        "\xdf\xbf",
                                        "\xe0\xa0\x80",
                                        "\xef\xbf\xbd",
                                        "\xf0\x90\x80\x80",
                                        "\xf4\x8f\xbf\xbf",
                                        "a\xe2\x82\xac" };
    static const char *const bad[] = {
        "",     "\xc3",          "\xff\xfe",     "a\x1b[0m",     "\x1f",      "\x7f",      "\xc1\xbf",
        "\x80", "\xc3(",         "\xe2\x82",     "\xf0\x90\x80", "\xe2(\xac", "\xe2\x82(", "\xf5\x80\x80\x80",
        "\xbf", "\xf0\x90\x80(", "a\xf0\x90\x80"
    };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(text_printable(text_of(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!text_printable(text_of(bad[i])));
}

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        check_sample(&samples[i]);
    check_certificate();
    check_raw_key();
    check_places();
    check_limit();
    check_printable();
    return TEST_REPORT();
}
