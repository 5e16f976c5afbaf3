from django.urls import path

from secretariat.outbox.views import callbacks, letters, senders

app_name = "outbox"
urlpatterns = [
    path("sending/", senders.senders, name="senders"),
    path("sending/mail/", senders.keep_mail, name="keep_mail"),
    path("sending/mail/trial/", senders.try_mail, name="try_mail"),
    path("sending/sms/", senders.keep_sms, name="keep_sms"),
    path("sending/sms/trial/", senders.try_sms, name="try_sms"),
    path("sending/rules/", senders.keep_rules, name="keep_rules"),
    path("letters/", letters.letters, name="letters"),
    path("letters/printing/", letters.print_letters, name="print_letters"),
    path("letters/<int:pk>/letters.pdf", letters.sheets, name="letter_sheets"),
    path("letters/<int:pk>/labels.pdf", letters.labels, name="letter_labels"),
    path("letters/<int:pk>/posting/", letters.post, name="post_letters"),
    path("letters/<int:pk>/removal/", letters.put_back, name="put_back_letters"),
    path("callbacks/sms/<int:practice_id>/<str:key>/", callbacks.sms, name="sms_callback"),
]
