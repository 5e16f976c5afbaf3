"""How other programs call the things we know.

Gathered from the exports of French practice programs, of OpenEMR, and of the address books of
Google, Outlook and mobile phones. Compared after `label_key`, so case, accents, underscores,
« (s) » and little words do not count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_PLURAL = re.compile(r"(?<=\w)\((\w{1,2})\)")
_LITTLE = frozenset({"de", "du", "des", "d", "la", "le", "l", "patient", "patiente", "pat", "pt"})

_SPELLINGS: dict[str, str] = {
    "birth_name": """nom de naissance; nom naissance; nom_naiss; nomnaissance; nom de famille;
        nom patronymique; patronyme; nom de jeune fille; nom jeune fille; nom_jf; nomjf; njf;
        nom jf; birth name; maiden name; maiden_name; nom_patro; nom famille; nom_famille;
        birth last name; nom naiss; nom fille; nom_patronymique; family name at birth""",
    "used_name": """nom d'usage; nom usage; nom_usage; nomusage; nom utilisé; nom_utilise;
        nom marital; nom_marital; nom d'épouse; nom épouse; nom_epouse; nom époux; nom courant;
        used name; married name; nom usuel; nom_usuel; nom de femme mariée""",
    "surname": """nom; noms; last name; last_name; lastname; lname; surname; family name;
        familyname; nom patient; pat_nom; nom_patient; patient nom""",
    "full_name": """nom prénom; nom et prénom; nom & prénom; nom prenom patient; prénom nom;
        patient; nom complet; full name; display name; identité; identité patient; name;
        file as; nom affiché; nom/prénom; nom, prénom""",
    "given_names": """prénoms; prénom; prenom; prenoms; liste des prénoms; prénoms de naissance;
        prénom de naissance; prenom_naissance; first name; first_name; firstname; fname;
        given name; given names; givenname; pat_prenom; tous les prénoms; autres prénoms;
        prenom patient; deuxième prénom; second prénom; middle name; mname; additional name;
        prénom 2; prénom2; 2ème prénom""",
    "first_given_name": """premier prénom; 1er prénom; premier prénom de naissance;
        premier_prenom; prenom1; prénom 1""",
    "used_given_name": """prénom utilisé; prénom d'usage; prénom usuel; prenom_usuel;
        prenom_utilise; prenom_usage; preferred name; surnom; nickname""",
    "birth_date": """date de naissance; date naissance; date_naissance; datenaissance; ddn; dn;
        naissance; date de naiss; date naiss; datenaiss; date_naiss; dat_nais; datnaiss; né le;
        née le; né(e) le; dob; birth date; birthdate; birth_date; birthday; date of birth;
        dtnaissance; dt_naissance; dtnais; d_naissance; anniversaire; jour de naissance;
        date_de_naissance""",
    "sex": """sexe; sex; genre; gender; sexe patient; s; h/f; m/f; f/m""",
    "title": """civilité; civilite; civ; titre; title; prefix; name prefix; madame/monsieur""",
    "birth_place_code": """code insee naissance; code insee lieu de naissance; insee naissance;
        code lieu de naissance; code commune de naissance; cog naissance; code_lieu_naissance;
        code insee du lieu de naissance; lieu de naissance insee; code cog; cog""",
    "birth_place_name": """lieu de naissance; lieu naissance; lieu_naissance; ville de naissance;
        commune de naissance; ville_naissance; né(e) à; birth place; birthplace; né à""",
    "mobile_phone": """téléphone mobile; tél mobile; tel mobile; mobile; portable; tél. portable;
        téléphone portable; tel_portable; telportable; tel port; tel_mobile; gsm; n° portable;
        numéro de portable; n° mobile; phone_cell; cell phone; cell; mobile phone; mobilephone;
        tel gsm; tél. mobile; téléphone cellulaire; tél. port.; numéro mobile; portable 1;
        tel_port; tel mob""",
    "home_phone": """téléphone domicile; téléphone fixe; tél fixe; tel fixe; fixe; tél. domicile;
        tel domicile; tel_domicile; tel_dom; tel dom; tel_fixe; domicile; phone_home; home phone;
        téléphone (domicile); tél. personnel; téléphone personnel; tel perso; tel_perso;
        téléphone fixe domicile; landline""",
    "work_phone": """téléphone professionnel; tél professionnel; tel pro; tel_pro; tél. pro.;
        téléphone bureau; tel bureau; tel_bureau; tel travail; téléphone travail; phone_biz;
        work phone; business phone; téléphone (bureau)""",
    "other_phone": """téléphone; tél; tel; tél.; n° de téléphone; numéro de téléphone;
        numéro téléphone; num tel; téléphone 1; téléphone 2; tel1; tel2; tel3; tel 1; tel 2;
        téléphone1; téléphone2; phone; phone_number; phone number; phone 1 value;
        phone 2 value; phone 3 value; phone 4 value; autre téléphone; secondary_phone_number;
        téléphone secondaire; téléphone principal; telephone patient; autre tél; telephone 3;
        phone_contact""",
    "e_mail": """e-mail; email; mail; mél; courriel; adresse e-mail; adresse mail; adresse email;
        adresse électronique; adresse de messagerie; email address; e_mail; mail patient;
        e-mail 1 value; adresse courriel; e mail address; adresse_mail; email1""",
    "address": """adresse; adresse 1; adresse1; adresse ligne 1; adr1; adr; adr 1; adresse_1; rue;
        n° et rue; voie; adresse postale; address; address1; address 1; street; street line 2;
        rue (domicile); rue domicile 2; rue domicile 3; address 1 street; home street;
        adresse domicile; adresse 2; adresse2; adr2; adr 2; adr3; adresse 3; adresse3; adresse_2;
        adresse ligne 2; adresse ligne 3; complément d'adresse; complément adresse; complement;
        complement_adresse; compl. adresse; adresse complète; bâtiment; résidence; lieu-dit;
        address 2; address2; address 1 extended address; libelle voie; numero voie; num voie""",
    "postcode": """code postal; cp; codepostal; code_postal; zip; zipcode; zip code; postal code;
        postal_code; postcode; c.p.; c p; code postal (domicile); address 1 postal code;
        home postal code; code_postal_ville; cod postal; codpost""",
    "town": """ville; commune; localité; city; town; ville (domicile); address 1 city;
        home city; bureau distributeur; adresse ville; ville de résidence; commune de résidence;
        nom commune""",
    "country": """pays; country; country_code; pays (domicile); pays/région (domicile);
        address 1 country; home country; pays de résidence""",
    "file_number": """n° dossier; no dossier; numéro de dossier; num dossier; numdossier;
        num_dossier; n° de dossier; dossier; n° patient; numéro patient; num patient; no patient;
        code patient; id patient; patient id; patient_id; id; identifiant; ipp; pid; pubpid;
        référence; ref; ref patient; numpatient; num_patient; idpatient; id_patient; external id;
        matricule; numero; code""",
    "nir": """nir; n° sécurité sociale; numéro de sécurité sociale; num sécu; numéro sécu; nss;
        n° ss; no ss; num ss; n°ss; numss; num_ss; n° insee; numéro insee; insee; n° sécu; ss;
        sécurité sociale; immatriculation; n° immatriculation; numéro ss; num_secu;
        n° de sécurité sociale; no secu; matricule ins; ins""",
    "notes": """notes; note; remarque; remarques; commentaire; commentaires; observation;
        observations; notes administratives; note administrative; mémo; memo; comment; comments;
        notes sociales; informations; info; infos; divers; pense-bête; alerte""",
    "usual_doctor": """médecin traitant; med traitant; mt; médecin; nom du médecin traitant;
        medecin_traitant; medtraitant; dr traitant; généraliste; médecin référent; usual doctor;
        médecin traitant nom""",
    "deceased": """décédé; décédé(e); decede; deceased; décès; est décédé; patient décédé;
        is_deceased""",
    "death_date": """date de décès; date décès; date_deces; décédé le; décédé(e) le; death date;
        deceased_date; datedeces; date du décès""",
}

# fmt: off
OTHER_PEOPLE = frozenset(
    {
        "assure", "assuree", "conjoint", "conjointe", "pere", "mere", "parent", "parents",
        "urgence", "contact", "praticien", "employeur", "responsable", "tuteur", "tutrice",
        "correspondant", "destinataire", "guardian", "mother", "father", "emergency",
        "representant", "aidant", "prescripteur", "adresseur",
    }
)
# fmt: on
"""Words that say a column is about somebody else than the patient."""

TECHNICAL = frozenset(
    {"phonetic", "yomi", "label", "labels", "type", "photo", "formatted", "region"}
)
"""Words of address books that say how a value is arranged, not what it is."""


@lru_cache(maxsize=4096)
def label_key(label: str) -> str:
    """The comparable form of a column label: « Né(e) le » → `nee`, `PAT_NOM` → `nom`."""
    label = _PLURAL.sub(r"\1", _CAMEL.sub(" ", label[:120]).replace("ᵉʳ", "er"))
    flat = unicodedata.normalize("NFKD", label.replace("œ", "oe").replace("N°", "no").lower())
    words = re.findall(
        r"[a-z]+|\d+", "".join(sign for sign in flat if not unicodedata.combining(sign))
    )
    kept = [word for word in words if word not in _LITTLE]
    return " ".join(kept or words)


def _index() -> dict[str, str]:
    known: dict[str, str] = {}
    for field, spellings in _SPELLINGS.items():
        for spelling in spellings.split(";"):
            known.setdefault(label_key(" ".join(spelling.split())), field)
    return known


SYNONYMS: dict[str, str] = _index()
"""Comparable label → field key, or `surname` for a bare « Nom » (birth or used name)."""


def known(label: str) -> str | None:
    """The field this label names exactly, `surname` for a bare « Nom », or None."""
    return SYNONYMS.get(label_key(label))
