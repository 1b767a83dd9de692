"""Where the demo's people live: cities roughly on the map, with the language that is most spoken there."""

from typing import NamedTuple

from store.users import Place, Point


class City(NamedTuple):
    """A city; longitude first, as on every map here."""

    name: str
    language: str
    region: str
    time_zone: str
    longitude: float
    latitude: float

    @property
    def place(self) -> Place:
        """As a profile and a gig keep it."""
        return Place(label=self.name, point=Point(coordinates=(self.longitude, self.latitude)))


CITIES = (
    City("London", "en", "GB", "Europe/London", -0.1, 51.5),
    City("Manchester", "en", "GB", "Europe/London", -2.2, 53.5),
    City("Edinburgh", "en", "GB", "Europe/London", -3.2, 56.0),
    City("Bristol", "en", "GB", "Europe/London", -2.6, 51.5),
    City("Dublin", "en", "IE", "Europe/Dublin", -6.3, 53.3),
    City("New York", "en", "US", "America/New_York", -74.0, 40.7),
    City("Chicago", "en", "US", "America/Chicago", -87.6, 41.9),
    City("Portland", "en", "US", "America/Los_Angeles", -122.7, 45.5),
    City("Toronto", "en", "CA", "America/Toronto", -79.4, 43.7),
    City("Sydney", "en", "AU", "Australia/Sydney", 151.2, -33.9),
    City("Melbourne", "en", "AU", "Australia/Melbourne", 145.0, -37.8),
    City("Wellington", "en", "NZ", "Pacific/Auckland", 174.8, -41.3),
    City("Bengaluru", "en", "IN", "Asia/Kolkata", 77.6, 13.0),
    City("Nairobi", "en", "KE", "Africa/Nairobi", 36.8, -1.3),
    City("Cape Town", "en", "ZA", "Africa/Johannesburg", 18.4, -33.9),
    City("Berlin", "de", "DE", "Europe/Berlin", 13.4, 52.5),
    City("Hamburg", "de", "DE", "Europe/Berlin", 10.0, 53.6),
    City("München", "de", "DE", "Europe/Berlin", 11.6, 48.1),
    City("Köln", "de", "DE", "Europe/Berlin", 7.0, 50.9),
    City("Leipzig", "de", "DE", "Europe/Berlin", 12.4, 51.3),
    City("Freiburg", "de", "DE", "Europe/Berlin", 7.8, 48.0),
    City("Wien", "de", "AT", "Europe/Vienna", 16.4, 48.2),
    City("Graz", "de", "AT", "Europe/Vienna", 15.4, 47.1),
    City("Zürich", "de", "CH", "Europe/Zurich", 8.5, 47.4),
    City("Bern", "de", "CH", "Europe/Zurich", 7.4, 46.9),
    City("Paris", "fr", "FR", "Europe/Paris", 2.4, 48.9),
    City("Lyon", "fr", "FR", "Europe/Paris", 4.8, 45.8),
    City("Marseille", "fr", "FR", "Europe/Paris", 5.4, 43.3),
    City("Nantes", "fr", "FR", "Europe/Paris", -1.6, 47.2),
    City("Toulouse", "fr", "FR", "Europe/Paris", 1.4, 43.6),
    City("Strasbourg", "fr", "FR", "Europe/Paris", 7.7, 48.6),
    City("Bruxelles", "fr", "BE", "Europe/Brussels", 4.4, 50.8),
    City("Genève", "fr", "CH", "Europe/Zurich", 6.1, 46.2),
    City("Montréal", "fr", "CA", "America/Toronto", -73.6, 45.5),
    City("Dakar", "fr", "SN", "Africa/Dakar", -17.4, 14.7),
    City("Madrid", "es", "ES", "Europe/Madrid", -3.7, 40.4),
    City("Barcelona", "es", "ES", "Europe/Madrid", 2.2, 41.4),
    City("Valencia", "es", "ES", "Europe/Madrid", -0.4, 39.5),
    City("Sevilla", "es", "ES", "Europe/Madrid", -6.0, 37.4),
    City("Ciudad de México", "es", "MX", "America/Mexico_City", -99.1, 19.4),
    City("Guadalajara", "es", "MX", "America/Mexico_City", -103.3, 20.7),
    City("Bogotá", "es", "CO", "America/Bogota", -74.1, 4.7),
    City("Lima", "es", "PE", "America/Lima", -77.0, -12.0),
    City("Santiago", "es", "CL", "America/Santiago", -70.7, -33.4),
    City("Buenos Aires", "es", "AR", "America/Argentina/Buenos_Aires", -58.4, -34.6),
    City("Montevideo", "es", "UY", "America/Montevideo", -56.2, -34.9),
)
