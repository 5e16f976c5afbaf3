from django.urls import path

from secretariat.practice.views import desk, people

urlpatterns = [
    path("practices/<int:pk>/view/", desk.change_practice, name="change_practice"),
    path("desk/lock/", desk.lock_desk, name="lock_desk"),
    path("desk/unlock/", desk.unlock_desk, name="unlock_desk"),
    path("people/", people.people, name="people"),
    path("people/new/", people.engage, name="engage"),
    path("people/<int:pk>/rights/", people.rights, name="rights"),
    path("people/<int:pk>/access/", people.give_back_access, name="give_back_access"),
    path("people/<int:pk>/end/", people.dismiss, name="dismiss"),
]
