"""Invented people. Family names are plants, birds and weather: nobody can be taken for real.

Phones come from the ranges that are never given to subscribers (01 99 00 and 06 39 98).
"""

from __future__ import annotations

import unicodedata
from random import Random

FAMILY = """
Abricot Acanthe Agapanthe Alouette Amandier Ancolie Anémone Angélique Arbousier Armoise Aubépine
Avocette Azalée Bardane Basilic Bécassine Bégonia Belette Bergamote Bergeronnette Bleuet Boréal
Bourdon Bouleau Bourrache Brise Bruyère Busard Camomille Campanule Capucine Cardamine Cèdre
Cerisier Chardonneret Charme Châtaigne Chevêche Ciboulette Cigale Citronnelle Clématite Coccinelle
Colvert Coquelicot Corbeille Cormoran Courlis Cyclamen Cyprès Dahlia Digitale Douce-Amère Églantine
Embellie Épervier Érable Escargot Étourneau Faisan Fauvette Fenouil Figuier Flocon Forsythia
Fougère Fraisier Framboise Frêne Fuchsia Gardénia Genêt Gentiane Géranium Gerbera Giboulée Giroflée
Glaïeul Glycine Goéland Grésil Grive Groseille Hirondelle Hortensia Houx Huppe Iris Jacinthe
Jasmin Jonquille Lavande Lilas Linotte Liseron Loriot Luciole Lupin Magnolia Marguerite Martinet
Mélèze Mésange Mimosa Mirabelle Myosotis Myrtille Narcisse Nénuphar Noisetier Nuage Oeillet
Olivier Orchidée Origan Ortolan Palombe Pâquerette Passiflore Pensée Perce-Neige Pervenche Pinson
Pissenlit Pivoine Platane Primevère Quetsche Réséda Romarin Roitelet Ronce Roseau Rouge-Gorge
Safran Sarcelle Sarriette Sauge Saule Serpolet Sittelle Sureau Tamaris Tanaisie Tilleul Tourbillon
Tournesol Tourterelle Troène Tulipe Valériane Verdier Verveine Violette Zéphyr Zinnia
""".split()  # noqa: SIM905

_WOMEN = """
Adèle Agathe Alice Aline Amina Anaïs Anne Aurélie Béatrice Camille Catherine Céline Chantal
Charlotte Claire Colette Danielle Denise Élise Élodie Émilie Emma Fatima Florence Françoise
Gabrielle Geneviève Hélène Inès Isabelle Jacqueline Jade Jeanne Julie Juliette Karine Khadija
Laura Léa Louise Lucie Madeleine Manon Margaux Marie Marie-Claude Marie-Thérèse Martine Mathilde
Monique Nadia Nathalie Nicole Odette Pauline Rose Sandrine Sarah Simone Sophie Suzanne Sylvie
Thi-Lan Valérie Yvette Zoé
"""
_MEN = """
Adam Ahmed Alain Alexandre Antoine Arthur Bernard Bruno Christian Christophe Clément Damien Daniel
David Denis Didier Édouard Émile Éric Étienne Fabien Florian François Gabriel Georges Gérard
Gilles Guillaume Henri Hugo Jacques Jean Jean-Luc Jean-Pierre Jérôme Julien Kévin Laurent Léo
Louis Lucas Marcel Mathis Maurice Maxime Michel Mohamed Nathan Nicolas Noé Olivier Pascal Patrick
Paul Philippe Pierre Raphaël Raymond René Robert Romain Samuel Sébastien Serge Stéphane Thierry
Thomas Tran Victor Vincent Yann Yves
"""
GIVEN = {"F": _WOMEN.split(), "M": _MEN.split()}

STREETS = (
    "rue des Tilleuls", "avenue de la Gare", "rue du Lavoir", "place du Marché",
    "chemin des Vignes", "rue de l’École", "allée des Cygnes", "impasse du Moulin",
    "quai des Brumes", "boulevard Invention",
)  # fmt: skip

TOWNS = (
    ("99010", "Ville-Invention"), ("99020", "Saint-Exemple"), ("99030", "Bourg-Fictif"),
    ("99040", "Port-Imaginaire"), ("99050", "Modèle-sur-Mer"),
)  # fmt: skip


def mobile(random: Random) -> str:
    """A mobile number nobody has."""
    return f"06 39 98 {random.randrange(100):02d} {random.randrange(100):02d}"


def landline(random: Random) -> str:
    """A landline number nobody has."""
    return f"01 99 00 {random.randrange(100):02d} {random.randrange(100):02d}"


def email(given: str, family: str) -> str:
    """An address in a domain that can never exist (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", f"{given}.{family}".lower().replace(" ", "-"))
    return "".join(c for c in plain if c.isascii()) + "@exemple.invalid"
