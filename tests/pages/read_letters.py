"""Reads a ZIP of mail files with Python's own email package and prints what it understood, as JSON."""
import json
import sys
import zipfile
from email import policy
from email.parser import BytesParser

letters = []
with zipfile.ZipFile(sys.argv[1]) as parcel:
    for name in parcel.namelist():
        message = BytesParser(policy=policy.default).parsebytes(parcel.read(name))
        parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
        letters.append({
            "name": name,
            "to": [str(address) for address in message["To"].addresses],
            "cc": [address.addr_spec for address in message["Cc"].addresses] if message["Cc"] else [],
            "bcc": [address.addr_spec for address in message["Bcc"].addresses] if message["Bcc"] else [],
            "toName": message["To"].addresses[0].display_name,
            "subject": str(message["Subject"]),
            "unsent": message["X-Unsent"],
            "language": message["Content-Language"],
            "type": message.get_content_type(),
            "kinds": list(parts),
            "encodings": [part["Content-Transfer-Encoding"] for part in parts.values()],
            "charsets": [part.get_content_charset() for part in parts.values()],
            "text": parts["text/plain"].get_content(),
            "html": parts["text/html"].get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects]
            + [str(defect) for value in message.values() for defect in getattr(value, "defects", [])],
        })
json.dump(letters, sys.stdout)
