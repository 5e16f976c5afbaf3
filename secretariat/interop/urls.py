from django.urls import path

from secretariat.interop.views import bringing, decisions, files, preparing

app_name = "interop"
urlpatterns = [
    path("", files.files, name="files"),
    path("new/", bringing.bring, name="bring"),
    path("<int:pk>/", files.file, name="file"),
    path("<int:pk>/progress/", files.progress, name="progress"),
    path("<int:pk>/lines/", files.lines, name="lines"),
    path("<int:pk>/faults.csv", files.faults, name="faults"),
    path("<int:pk>/removal/", bringing.remove, name="remove"),
    path("<int:pk>/preview/", preparing.preview, name="preview"),
    path("<int:pk>/reading/", preparing.reading, name="reading"),
    path("<int:pk>/columns/", preparing.columns, name="columns"),
    path("<int:pk>/plan/", preparing.plan, name="plan"),
    path("<int:pk>/trial/", preparing.try_again, name="try"),
    path("<int:pk>/import/", preparing.start, name="start"),
    path("<int:pk>/import/withdrawal/", preparing.take_back, name="take_back"),
    path("duplicates/", decisions.duplicates, name="duplicates"),
    path("unmatched/", decisions.unmatched, name="unmatched"),
    path("lines/<int:pk>/", decisions.line, name="line"),
    path("lines/<int:pk>/same/", decisions.same, name="same"),
    path("lines/<int:pk>/other/", decisions.other, name="other"),
    path("lines/<int:pk>/later/", decisions.later, name="later"),
    path("lines/<int:pk>/attachment/", decisions.attach, name="attach"),
    path("lines/<int:pk>/nobody/", decisions.nobody, name="nobody"),
    path("lines/<int:pk>/reopening/", decisions.reopen, name="reopen"),
]
