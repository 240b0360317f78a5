"""What a mail's headers say about spam: (situation, header, answer)."""

from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("Nothing is said", "Subject: X-Spam-Flag: YES", "clean"),
    ("Exchange is sure", "X-MS-Exchange-Organization-SCL: 9", "spam"),
    ("Exchange takes it for spam", "X-MS-Exchange-Organization-SCL: 5", "spam"),
    ("Exchange does not", "X-MS-Exchange-Organization-SCL: 1", "clean"),
    ("Not judged: a trusted sender", "X-MS-Exchange-Organization-SCL: -1", "clean"),
    ("A level that is none", "X-MS-Exchange-Organization-SCL: high", "clean"),
    ("Microsoft 365's filter", "X-Forefront-Antispam-Report: CTRY:US;SCL:5;SFV:SPM;CAT:SPM;", "spam"),
    ("A rule of the organization", "X-Forefront-Antispam-Report: CIP:192.0.2.1;SFV:SKS", "spam"),
    ("A sender the organization blocks", "X-Forefront-Antispam-Report: SFV:SKB;IPV:NLI", "spam"),
    ("A sender the person blocks", "x-forefront-antispam-report: SFV:BLK", "spam"),
    ("Let through by the filter", "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM", "clean"),
    ("Released from quarantine", "X-Forefront-Antispam-Report: CAT:SPM;SFV:SKQ", "clean"),
    ("A word that merely ends alike", "X-Forefront-Antispam-Report: XSFV:SPM", "clean"),
    ("SpamAssassin", "X-Spam-Flag: YES", "spam"),
    ("SpamAssassin, with its figures", "X-Spam-Status: Yes, score=9.1 required=5.0", "spam"),
    ("SpamAssassin lets it through", "X-Spam-Status: No, score=0.1 required=5.0", "clean"),
    ("Its score alone says nothing", "X-Spam-Score: 9.1", "clean"),
)
