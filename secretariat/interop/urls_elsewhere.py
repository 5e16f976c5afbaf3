from django.urls import path

from secretariat.interop.views import feeds, programs

app_name = "elsewhere"
urlpatterns = [
    path("", feeds.feeds, name="feeds"),
    path("agendas/<int:pk>/address/", feeds.publish, name="publish"),
    path("addresses/<int:pk>/withdrawal/", feeds.withdraw, name="withdraw"),
    path("programs/", programs.programs, name="programs"),
    path("programs/new/", programs.issue, name="issue"),
    path("programs/<int:pk>/withdrawal/", programs.revoke, name="revoke"),
]
