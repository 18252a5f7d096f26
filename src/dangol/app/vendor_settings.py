"""The settings of vendors, each vendor's together; a part of the settings."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

VENDOR_URLS: Final = (
    "solapi_url",
    "nhn_kakao_url",
    "nhn_sms_url",
    "bizgo_url",
    "kakao_url",
    "ses_url",
    "mail_service_url",
    "meta_url",
    "google_ads_url",
)


class VendorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What lets us in at the vendors, and them at us."""

    solapi_key: Annotated[
        str,
        Meta(
            description="The API key of your account at SOLAPI, for Kakao and text messages in "
            "Korea (docs/guides/vendors.md). Empty: SOLAPI is not used."
        ),
    ] = ""
    solapi_secret: Annotated[
        str,
        Meta(
            description="The API secret that belongs to solapi_key; better in the environment "
            "than in a file."
        ),
    ] = ""
    solapi_url: Annotated[
        str, Meta(description="Where SOLAPI is; a fake of it while you try things out.")
    ] = "https://api.solapi.com"
    solapi_number: Annotated[
        str,
        Meta(description="The sender number you have registered at SOLAPI, as 02-120-1234."),
    ] = ""
    solapi_channel: Annotated[
        str,
        Meta(
            description="Your Kakao channel as SOLAPI names it (pfId), beginning KA01PF. What goes "
            "instead where Kakao fails is the journey's `fallback`; SOLAPI's own stays off."
        ),
    ] = ""
    solapi_webhook_secret: Annotated[
        str,
        Meta(
            description="The secret that SOLAPI shows when it posts reports to you. Empty: what "
            "it posts is refused."
        ),
    ] = ""
    nhn_kakao_app_key: Annotated[
        str,
        Meta(
            description="The app key of KakaoTalk Bizmessage at NHN Cloud, for Alimtalk and Brand "
            "Message. Empty: NHN is not used for Kakao."
        ),
    ] = ""
    nhn_kakao_secret: Annotated[
        str, Meta(description="The secret key that belongs to nhn_kakao_app_key.")
    ] = ""
    nhn_kakao_url: Annotated[
        str, Meta(description="Where NHN Cloud's KakaoTalk Bizmessage is.")
    ] = "https://kakaotalk-bizmessage.api.nhncloudservice.com"
    nhn_sender_key: Annotated[
        str,
        Meta(
            description="Your Kakao channel as NHN names it (senderKey, 40 characters). What goes "
            "instead where Kakao fails is the journey's `fallback`; NHN's own stays off."
        ),
    ] = ""
    nhn_sms_app_key: Annotated[
        str, Meta(description="The app key of SMS at NHN Cloud. Empty: NHN sends no text.")
    ] = ""
    nhn_sms_secret: Annotated[
        str, Meta(description="The secret key that belongs to nhn_sms_app_key.")
    ] = ""
    nhn_sms_url: Annotated[str, Meta(description="Where NHN Cloud's SMS is.")] = (
        "https://sms.api.nhncloudservice.com"
    )
    nhn_number: Annotated[
        str, Meta(description="The sender number you have registered at NHN, as 02-120-1234.")
    ] = ""
    nhn_opt_out_number: Annotated[
        str, Meta(description="The 080 number that Brand Messages through NHN name.")
    ] = ""
    nhn_webhook_signature: Annotated[
        str,
        Meta(
            description="The signature that you enter at NHN's webhooks. Empty: what NHN posts is "
            "refused."
        ),
    ] = ""
    bizgo_key: Annotated[
        str, Meta(description="The API key of your account at Bizgo. Empty: Bizgo is not used.")
    ] = ""
    bizgo_url: Annotated[
        str, Meta(description="Where Bizgo is; its sandbox, or a fake, while you try things out.")
    ] = "https://mars.ibapi.kr"
    bizgo_number: Annotated[
        str, Meta(description="The sender number you have registered at Bizgo, as 02-120-1234.")
    ] = ""
    bizgo_sender_key: Annotated[
        str,
        Meta(
            description="Your Kakao channel as Bizgo names it (senderKey). What goes instead where "
            "Kakao fails is the journey's `fallback`; Bizgo's own stays off."
        ),
    ] = ""
    bizgo_opt_out_number: Annotated[
        str, Meta(description="The 080 number that Brand Messages through Bizgo name.")
    ] = ""
    bizgo_webhook_secret: Annotated[
        str,
        Meta(
            description="The secret with which Bizgo signs what it posts. Empty: what it posts is "
            "refused."
        ),
    ] = ""
    kakao_admin_key: Annotated[
        str,
        Meta(
            description="The primary admin key of your Kakao app: Kakao shows it when it tells who "
            "added or blocked your channel, and is asked with it. Empty: what it posts is refused."
        ),
    ] = ""
    kakao_url: Annotated[
        str, Meta(description="Where Kakao's API is; a fake of it while you try things out.")
    ] = "https://kapi.kakao.com"
    ses_access_key: Annotated[
        str,
        Meta(
            description="The access key id of a user who may send by Amazon "
            "SES (docs/guides/email.md). Empty: SES is not used."
        ),
    ] = ""
    ses_secret_key: Annotated[
        str,
        Meta(
            description="The secret that belongs to ses_access_key; better in the environment "
            "than in a file."
        ),
    ] = ""
    ses_region: Annotated[
        str, Meta(description="The region in which SES knows your domain.", min_length=1)
    ] = "ap-northeast-2"
    ses_configuration_set: Annotated[
        str,
        Meta(
            description="The configuration set of SES whose events are published to ses_topic_arn."
        ),
    ] = ""
    ses_topic_arn: Annotated[
        str,
        Meta(
            description="The SNS topic by which SES tells what became of mail, as "
            "arn:aws:sns:REGION:ACCOUNT:NAME. Empty: what is posted is refused."
        ),
    ] = ""
    ses_url: Annotated[
        str, Meta(description="Where SES is, for a fake of yours. Empty: Amazon's, in ses_region.")
    ] = ""
    mail_service: Annotated[
        str,
        Meta(
            description="A service that takes mail by HTTP: resend, postmark, sendgrid, or the "
            "JSON file that describes another (docs/guides/email.md). Empty: none."
        ),
    ] = ""
    mail_service_key: Annotated[
        str,
        Meta(
            description="The API key of your account there; better in the environment than in a "
            "file."
        ),
    ] = ""
    mail_service_url: Annotated[
        str,
        Meta(description="Where it is called, for a fake of yours. Empty: where it is described."),
    ] = ""
    mail_service_callback_secret: Annotated[
        str,
        Meta(
            description="What proves that a post is the service's: Resend's signing secret "
            "(whsec_…), user:password for Postmark, SendGrid's public key. Empty: what it posts "
            "is refused."
        ),
    ] = ""
    meta_token: Annotated[
        str,
        Meta(
            description="The access token of a system user who may manage your custom audiences at "
            "Meta (docs/guides/audiences.md). Empty: nobody is given to Meta."
        ),
    ] = ""
    meta_url: Annotated[
        str, Meta(description="Where Meta's Graph API is, with its version; a fake of yours.")
    ] = "https://graph.facebook.com/v26.0"
    google_ads_account_file: Annotated[
        str,
        Meta(
            description="The JSON file of a service account that may change the audiences of your "
            "Google Ads account. Empty: nobody is given to Google."
        ),
    ] = ""
    google_ads_account_id: Annotated[
        str, Meta(description="Your Google Ads account, ten digits without hyphens.")
    ] = ""
    google_ads_url: Annotated[
        str, Meta(description="Where Google's Data Manager API is; a fake of yours.")
    ] = "https://datamanager.googleapis.com"
