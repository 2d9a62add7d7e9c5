"""Signatures, held against the worked examples that both vendors publish."""

import hashlib
from datetime import UTC, datetime

from acceptance_api.identity.signing import Credentials, acs3_authorization, tc3_authorization


def test_alibabas_worked_example() -> None:
    """The fixed parameters of "V3 request structure and signature"."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    authorization = acs3_authorization(
        Credentials(key_id="YourAccessKeyId", secret="YourAccessKeySecret"),  # noqa: S106 - published
        headers,
        b"",
        query="ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
    )

    assert authorization == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencents_worked_example() -> None:
    """The example of "Signature v3", whose secret is printed as 32 asterisks and is meant so."""
    authorization = tc3_authorization(
        Credentials(key_id="AKID" + "*" * 32, secret="*" * 32),
        {
            "content-type": "application/json; charset=utf-8",
            "host": "cvm.tencentcloudapi.com",
            "x-tc-action": "DescribeInstances",
        },
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
        service="cvm",
        at=datetime.fromtimestamp(1551113065, tz=UTC),
    )

    assert authorization == (
        f"TC3-HMAC-SHA256 Credential=AKID{'*' * 32}/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


def test_credentials_do_not_show_their_secret() -> None:
    assert "hunter2" not in repr(Credentials(key_id="id", secret="hunter2"))  # noqa: S106 - nobody's
