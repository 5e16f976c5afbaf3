from django.urls import path

from secretariat.practice import views

urlpatterns = [
    path("", views.home, name="home"),
    path("practices/<int:pk>/view/", views.change_practice, name="change_practice"),
    path("desk/lock/", views.lock_desk, name="lock_desk"),
    path("desk/unlock/", views.unlock_desk, name="unlock_desk"),
]
