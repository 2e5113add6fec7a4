#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every ceiling that a person, a file or a peer can push against, each with its reason. Bytes unless said.
 * Each has a test at, below and above it.
 */

/*
 * Memory. The largest page is under 1 MiB. A request whose texts need 16 is a defect, or is meant to be one: it is refused, and only it (413, or
 * 500 for a page view). Behind that stands room for what is small and counted, and for the page that says so; beyond it the process ends
 * (docs/decisions/0003).
 */
#define LIMIT_REQUEST_ARENA (16u << 20)
#define LIMIT_REQUEST_REFUSED (7u << 20) /* text for that page: LIMIT_PAGE as content, as it grows, and around it the layout */
#define LIMIT_REQUEST_MOST (40u << 20)
#define LIMIT_ACCEPT_ARENA (1u << 30) /* admin key accept looks at all drafts in one transaction: less than 1 KB each that has files, some more each that has lost them */
/* All procedures, codes and texts; measured under 16 MiB. */
#define LIMIT_STARTUP_ARENA (64u << 20)
#define LIMIT_PAGE (2u << 20)

/* HTTP. nginx's defaults are 8 KiB a line and 32 KiB of headers; browsers stay far below. */
#define LIMIT_HTTP_TARGET 4096
#define LIMIT_HTTP_HEAD (16u << 10)
#define LIMIT_HTTP_HEADERS 100      /* lines */
#define LIMIT_HTTP_BODY (1u << 20)  /* the largest form (274 items at full width) is 150 KiB percent-encoded */
#define LIMIT_HTTP_HEAD_MS 10000    /* from the first byte to the empty line */
#define LIMIT_HTTP_IDLE_MS 60000    /* between two requests of a connection */
#define LIMIT_HTTP_BODY_GRACE_MS 20000 /* after this a body must have come at LIMIT_HTTP_BODY_RATE on average */
#define LIMIT_HTTP_BODY_RATE 5120   /* bytes a second */
#define LIMIT_HTTP_TAKE (LIMIT_ATTACHMENT_BYTES + (1u << 20)) /* a body that is taken in pieces: all files of an application, and a form around them */
#define LIMIT_HTTP_PIECE (128u << 10) /* of it in memory; 50 uploads at once hold 6.25 MiB */
#define LIMIT_HTTP_TAKE_MS 60000    /* in each such time it must come at LIMIT_HTTP_TAKE_RATE: a phone in a tunnel is silent for so long */
#define LIMIT_HTTP_TAKE_RATE 1024   /* bytes a second: the slowest line a phone still has */
#define LIMIT_HTTP_WRITE_MS 30000   /* in each such time an answer must be taken at LIMIT_HTTP_BODY_RATE */
#define LIMIT_HTTP_LINGER_MS 10000  /* to go on reading after a last answer: a client that still sends must get to see it */
#define LIMIT_HTTP_STOP_MS 30000    /* to finish open exchanges when stopping; systemd kills after 90 s */
#define LIMIT_HTTP_ANSWER_HEAD (8u << 10) /* header lines of an answer; nginx takes 4 to 8 KiB by default */
#define LIMIT_HTTP_WORKER_STACK (256u << 10) /* a handler keeps its data in the arena, not on the stack */
#define LIMIT_HTTP_CONNECTIONS 10000
#define LIMIT_HTTP_CONNECTIONS_PER_ADDRESS 1024 /* whole universities stand behind one address */
#define LIMIT_HTTP_HELD 2000        /* exchanges whose answer waits for something to happen: some 20 KiB each; most connections stay for pages */
#define LIMIT_HTTP_HELD_PER_ADDRESS 512 /* half of an address's connections: a class that waits for its phones still gets pages */
#define LIMIT_HTTP_HOLD_MS 25000    /* the longest wait; proxies give up after 60 s, some networks after 30 */
#define LIMIT_HTTP_HOLD_AGAIN_MS 2000 /* what another process changed is seen after this; 200 held ones are 100 looks a second */
#define LIMIT_HTTP_QUEUE 1024       /* requests waiting for a worker; then 503 */

/* Forms. */
#define LIMIT_FORM_PARAMS 2000      /* name=value pairs in one body */
#define LIMIT_FORM_NAME 256         /* a field's path with group and row is under 100 */
#define LIMIT_FORM_VALUE (64u << 10) /* four times the longest answer: what is pasted into the wrong box comes as far as the check, which names the question */
#define LIMIT_COOKIES 50
#define LIMIT_MULTIPART_PARTS 200
#define LIMIT_MULTIPART_HEAD (4u << 10) /* header lines of one part; a file name is at most 255 characters */
#define LIMIT_DRAFTS_PER_ACCOUNT 50
#define LIMIT_DRAFTS_WITH_RETURNED 100 /* with those that modify what was sent back: those who have many begun must be able to answer */
#define LIMIT_ANSWERS (256u << 10)  /* all answers of a draft as stored */
#define LIMIT_KEPT (LIMIT_ANSWERS + (32u << 10)) /* a form that is kept over a login: one page has no more than all answers of a draft, the list of its questions, and where it goes */
#define LIMIT_KEPT_FIELD (LIMIT_KEPT / 3 * 4 + 64) /* the same sealed, in base64url: the one value that may be longer than LIMIT_FORM_VALUE */
#define LIMIT_RESENT (1536u << 10)  /* a form as hidden fields of a page, in HTML: LIMIT_KEPT of apostrophes, a rest of LIMIT_PAGE for what is shown of it */
#define LIMIT_SHOWN (256u << 10)    /* of a form as text for its sender, in HTML */
#define LIMIT_SHOWN_ROWS 1000       /* and of its values; a page has 274 at most */

/* Definitions of procedures: files of the operator, but a slip must not eat the machine. */
#define LIMIT_DEFINITION_FILE (1u << 20)
#define LIMIT_DEFINITION_DEPTH 24   /* lists and maps inside each other; a condition of a row field has 12 */
#define LIMIT_DEFINITION_NODES 50000 /* of one file; all 274 questions of a form in one have 9000 */
#define LIMIT_DEFINITION_FAULTS 100 /* lines of a report */
#define LIMIT_FIELDS 2048           /* of a procedure, row fields too; one for all statuses has some 1300, of which a person is asked 274 at most */
#define LIMIT_SECTIONS 160          /* pages; of those a person sees 20 */
#define LIMIT_EXPR 200              /* members of one list of a computed field; the points table adds up 21 */
#define LIMIT_POINTS 1000           /* the largest number of points a choice can give, and the smallest below zero */
#define LIMIT_RULE_CHOICES 64       /* of a list that depends on an answer of the same page and comes with it: some 4 KB before compression */
#define LIMIT_OLD_VERSIONS 64       /* earlier versions of procedures in memory, up to 8 MiB each; a year brings some ten */
#define LIMIT_GROUP_ROWS 50
#define LIMIT_TEXT_LENGTH 4000      /* characters of one answer: 4 bytes each stay far below LIMIT_FORM_VALUE */
#define LIMIT_CHOICES 8000          /* of one list; the municipalities of Japan are 1904 */
#define LIMIT_DOCUMENTS 256         /* of a procedure; all lists of all statuses together are 200 */

#define LIMIT_FEES 500              /* rows of fees.csv; ten years of orders for seven procedures are 300 */
#define LIMIT_FEE 10000000          /* yen; the highest ceiling of the Act is 300,000 */

/* Files of applications. */
#define LIMIT_ATTACHMENT_FILES 100  /* that a procedure may allow; the manual's number is 20 */
#define LIMIT_ATTACHMENT_BYTES 100000000 /* the manual's number is 25 MB */
#define LIMIT_SPOOL_ACCOUNT (2 * LIMIT_ATTACHMENT_BYTES) /* of one account on their way or waiting for their check, in all its drafts: twenty pages of 10 MB */
#define LIMIT_FILE_NAME 255         /* characters of a file's name that are kept */
#define LIMIT_FILE_STEM 150         /* bytes of it in a name on a disk of the office, with a number before and an ending behind: systems take 255 */

/* Files that people send. */
#define LIMIT_CHECK_FILE (25u << 20) /* one file read by a checker; all files of an application are 25 MB together */
#define LIMIT_CHECK_CPU 5           /* seconds of the processor for one check; a large scan takes 0.5 */
#define LIMIT_CHECK_MS 30000        /* of one check by the clock: six that share a processor use LIMIT_CHECK_CPU all the same. Whoever has not by then is asked again */
#define LIMIT_CHECK_TURN_MS 10000   /* until a check may begin; then the file waits, and not the thread */
#define LIMIT_CHECK_TRIES 5         /* of a check that the clock ends before its time: what hangs is given up */
#define LIMIT_CHECK_MEMORY (256u << 20) /* address space of a checker; a JPEG of 50 million pixels takes 150 MiB when progressive */
#define LIMIT_CHECK_OUTPUT (64u << 20) /* what it may write: pages of twenty pictures are 20 MiB */
#define LIMIT_CHECK_AT_ONCE 8       /* processes, and no more than processors: two that share one take twice as long. The machine's memory is what all share */
#define LIMIT_SCAN_TRIES 10         /* of a file about which the virus scanner says nothing while it answers about others; five minutes */
#define LIMIT_PDF_PAGES 1000        /* a thesis has 300; a page bomb a million */
#define LIMIT_PDF_OBJECTS 500000    /* of a PDF; 1000 pages of text have 20000 */
#define LIMIT_PDF_STREAM (128u << 20) /* one stream unpacked; a page scanned at 600 dpi in colour is 100 MB */
#define LIMIT_PDF_UNPACKED (512u << 20) /* all streams unpacked; takes 1.5 s. Deflate packs 1000:1 at best */
#define LIMIT_PDF_FILTERS 4         /* of one stream, one behind the other; more than two are not seen in practice */
#define LIMIT_JPEG_PIXELS 50000000u /* phones make 12 to 50 million */
#define LIMIT_JPEG_SIDE 20000       /* pixels */
#define LIMIT_JPEG_SCANS 100        /* of a progressive JPEG; encoders make about 10 */
#define LIMIT_PHOTO_WIDTH 600       /* made: 40 × 30 mm at 508 dpi */
#define LIMIT_PHOTO_LEAST_WIDTH 240 /* 30 mm at 203 dpi */
#define LIMIT_THUMBNAIL 240         /* pixels of the longer side, a row of the list shows 120 */
#define LIMIT_PICTURE_SIDE 2480     /* of a clean copy of a whole picture: what LIMIT_PAGES_SIDE asks */
#define LIMIT_PHOTO_SOURCE 1600     /* of the whole photo that the facial photo is cut from: room to come closer twofold */
#define LIMIT_PAGES_DRAFT 60        /* photographed pages that lie in one draft at a time, of all its documents */
#define LIMIT_PAGES_IN 20           /* pictures for one PDF */
#define LIMIT_PAGES_SIDE 2480       /* pixels of the longer side in it: A4 at 212 dpi, 200 are recommended */
#define LIMIT_BLOB (64u << 20)      /* of one blob */

#define LIMIT_SEARCH_PROCEDURES 12   /* that a search in one's applications may ask for by words of their names: parameters of its queries */
#define LIMIT_SEARCH 800             /* bytes of a search that are looked at: 200 characters of any script */

/* What the operator tells everybody, characters in each language. */
#define LIMIT_NOTICE_TITLE 100      /* a line of a list */
#define LIMIT_NOTICE_TEXT 10000     /* four pages of paper */
#define LIMIT_MAINTENANCE_WORDS 200 /* stand on every page, on a phone too */

/* Accounts. */
#define LIMIT_EMAIL 254             /* RFC 5321 4.5.3.1 */
#define LIMIT_PASSWORD 256
#define LIMIT_PAIRS (16u << 10)       /* the sealed values of a registration or a mail; the longest address is 255 bytes, 765 encoded */
#define LIMIT_NAME 150              /* characters of a name as on the card; the longest known have 120 */
#define LIMIT_PHONE 12              /* digits; the manual's field */
#define LIMIT_ADDRESS 85            /* full-width characters; the manual's field */
#define LIMIT_ORG_NAME 120
#define LIMIT_AGENT 200             /* bytes kept of a browser's name */
#define LIMIT_NOTE 2000             /* characters said with a step of an application */
#define LIMIT_PASSWORD_AT_ONCE 4    /* hashes at work, and no more than processors; more wait. Argon2id takes 30 ms and 19 MiB each */

/* Configuration: written by hand; the example is 8 KiB. */
#define LIMIT_CONF_LINE 4096
#define LIMIT_CONF_FILE (256 << 10)

/* Proof of who one is: what phones and other servers send. */
#define LIMIT_JSON (64u << 10)      /* of one text; the largest message, a certificate and a signature in base64url, is under 16 KiB */
#define LIMIT_JSON_DEPTH 6          /* maps and lists inside each other; ours have 3, and libjansson calls itself for each */
#define LIMIT_JWS (64u << 10)       /* a whole signed message */

#define LIMIT_CRL (32u << 20)       /* of one list of revoked certificates: 800000 entries of 40 bytes */
#define LIMIT_CRL_LISTS 1000        /* of them in the folder: an authority has a handful, and all are looked through for each card */
#define LIMIT_FETCH_URL 4096        /* of a request to another server, as browsers' */
#define LIMIT_FETCH_HEAD (16u << 10) /* header lines of its answer */
#define LIMIT_OCSP_AT_ONCE 16       /* submissions that wait for the responder; others go on with the lists. Of 64 workers most stay free */
#define LIMIT_FETCH_BODY (64u << 10) /* of its answer; an OCSP answer is under 4 KiB, a list of keys under 16 */

/* Mail. The longest of ours, in two languages, is under 8 KiB; RFC 5321 4.5.3.1.7 obliges relays to take 64 KiB. */
#define LIMIT_MAIL (64u << 10)

#endif
