"""Mails as programs of clients write them, each by hand: what is new in them is known."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

GMAIL = """Sí, es el folio 6F1A.

El mar, 17 nov 2026 a las 10:05, Mesa de ayuda (<ayuda@desk.example>) escribió:

> Para seguir con su solicitud necesitamos algo de usted.
>
> ¿Nos puede decir el folio fiscal?
"""
GMAIL_FOLDED = """Sí, es el folio 6F1A.

El mar, 17 nov 2026 a las 10:05, Mesa de ayuda de Interfactura con un nombre largo
(<ayuda+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>) escribió:

> ¿Nos puede decir el folio fiscal?
"""
APPLE = """Sí, es el folio 6F1A.

Enviado desde mi iPhone

> El 17 nov 2026, a la(s) 10:05, Mesa de ayuda <ayuda@desk.example> escribió:
>
> ¿Nos puede decir el folio fiscal?
"""
OUTLOOK = """Sí, es el folio 6F1A.

________________________________
De: Mesa de ayuda <ayuda@desk.example>
Enviado: martes, 17 de noviembre de 2026 10:05
Para: Vic <vic@client.example>
Asunto: Su solicitud PG-2026-000123

¿Nos puede decir el folio fiscal?
"""
OUTLOOK_OLD = """Sí, es el folio 6F1A.

-----Mensaje original-----
De: Mesa de ayuda
¿Nos puede decir el folio fiscal?
"""
THUNDERBIRD = """On 17/11/26 10:05, Mesa de ayuda wrote:
> ¿Nos puede decir el folio fiscal?

Sí, es el folio 6F1A.
"""
BETWEEN = """On 17/11/26 10:05, Mesa de ayuda wrote:
> ¿Nos puede decir el folio fiscal?
Sí, es el folio
> ¿Y la hora?
6F1A.
"""
SIGNED = """Sí, es el folio 6F1A.
--
Vic Visitor
Contabilidad
"""
ALL_QUOTED = "> Sí, es el folio 6F1A."

REPLIES = {
    "gmail": (GMAIL, "Sí, es el folio 6F1A."),
    "gmail, folded": (GMAIL_FOLDED, "Sí, es el folio 6F1A."),
    "apple": (APPLE, "Sí, es el folio 6F1A."),
    "outlook": (OUTLOOK, "Sí, es el folio 6F1A."),
    "outlook, old": (OUTLOOK_OLD, "Sí, es el folio 6F1A."),
    "thunderbird, below": (THUNDERBIRD, "Sí, es el folio 6F1A."),
    "between the lines": (BETWEEN, "Sí, es el folio\n6F1A."),
    "signed": (SIGNED, "Sí, es el folio 6F1A."),
    "all of it quoted": (ALL_QUOTED, ALL_QUOTED),
    "nothing quoted": ("De: la factura\nno sé nada", "De: la factura\nno sé nada"),
    "an announcement and no more": ("Juan me escribió: no timbra", "Juan me escribió: no timbra"),
    "a list": ("- uno\n- dos", "- uno\n- dos"),
    "empty": ("", ""),
}


@dataclass(frozen=True)
class Person:
    name: str = "Vic Visitor"
    address: str = "vic@client.example"


def mail(
    text: str = "No puedo timbrar.", *, subject: str = "Timbrado", to: str = "ayuda@desk.example", **headers: str
) -> bytes:
    """What a person writes to the desk; `headers` by their names, with _ for -, replace others."""
    message = EmailMessage(SMTP)
    fields = {
        "From": "Vic Visitor <vic@client.example>",
        "To": to,
        "Subject": subject,
        "Date": "Tue, 17 Nov 2026 09:40:00 -0600",
        "Message-ID": "<1@client.example>",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in fields.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def bounce(returned: str, *, action: str = "failed", to: str = "ayuda@desk.example") -> bytes:
    """RFC 3464: a report about a mail that did not arrive."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.client.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.client.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.example

Final-Recipient: rfc822; vic@client.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: text/rfc822-headers

From: ayuda@desk.example
Message-ID: {returned}
Subject: Su solicitud

--b--
""".replace("\n", "\r\n").encode()


AUTOMATIC = {
    "out of office": {"Auto_Submitted": "auto-replied"},
    "generated": {"Auto_Submitted": "auto-generated; owner-email=x"},
    "a list": {"List_Id": "<noticias.example>"},
    "news": {"List_Unsubscribe": "<mailto:no@noticias.example>"},
    "bulk": {"Precedence": "bulk"},
    "an old responder": {"X_Autoreply": "yes"},
    "to nobody": {"Return_Path": "<>"},
    "no reply": {"From": "no-reply@banco.example"},
    "by its words": {"subject": "Respuesta automática: Su solicitud"},
    "fuera": {"subject": "Fuera de la oficina"},
}
