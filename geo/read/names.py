"""Names of columns, English and Spanish, by the role that they mean.

Names stand as `geo.read.text.plain` gives them: lower case, no accents, words separated by blanks; best
first. A word after ``...`` means the role also as a part of a longer name.
"""

from __future__ import annotations

_TEXT = """
longitude:
  longitude | lon | long | lng | longitud | x | lon dd | long dd | decimal longitude | gps longitude | gps
  lon | coord x | x coord | coordx | xcoord | point x | longitude x | longitud x | longitude dd | utm x |
  easting | utm este | utm e | coordenada x | este | este x | lon w | long w | ... longitude | longitud |
  lon | lng | long | easting
latitude:
  latitude | lat | latitud | y | lat dd | decimal latitude | gps latitude | gps lat | coord y | y coord |
  coordy | ycoord | point y | latitude y | latitud y | latitude dd | utm y | northing | utm norte | utm n |
  coordenada y | norte | norte y | lat n | ... latitude | latitud | lat | northing
coordinates:
  coordinates | coordenadas | coords | lat lon | latlon | lat long | latlong | lat lng | lon lat | location
  | ubicacion | gps | geo | georeferencia | ... coordinates | coordenadas | latlon | latlong | lat lon | lat
  long | gps
geometry:
  geometry | geom | wkt | wkb | the geom | geometria | shape | point | geom wkt | wkb geometry | geo |
  location | ubicacion | punto | ... wkt | wkb | geom | geometry | point
event_id:
  event id | eventid | id evento | incident id | seizure id | incident number | seizure number | case id |
  case number | case no | folio | no folio | numero de folio | expediente | clave evento | id
record_id:
  record id | recordid | id registro | registro | record number | row id | line id | objectid | fid | relid
year:
  year | ano | anio | yr | event year | ano evento | calendar year | fiscal year | fy | ano fiscal
month:
  month | mes | mo | event month | month abbv
day:
  day | dia | day of month | date | fecha | dom
start:
  start | start date | date start | start time | inicio | fecha inicio | fecha de inicio | begin | begin
  date | from | desde | start datetime
end:
  end | end date | date end | end time | fin | fecha fin | fecha de fin | fecha final | termino | finish |
  to | until | hasta | end datetime
date:
  date | fecha | event date | fecha evento | fecha del evento | seizure date | date of seizure | fecha de
  aseguramiento | fecha aseguramiento | incident date | occurrence date | date seized | fecha hechos | fecha
  de los hechos | datetime | date time | timestamp | fecha hora | fecha y hora | time | dia | day | ... date
  | fecha | datetime | timestamp
time:
  time | hora | hour | time of day | event time | hora evento | hora del evento
tz:
  tz | timezone | time zone | zona horaria | huso horario
agency:
  agency | lead agency | agencia | dependencia | corporacion | institucion | seizing agency | reporting
  agency | agency name | component | organization | organizacion | autoridad | department | ... agency |
  agencia | dependencia
partners:
  partners | partner agencies | partner agency | supporting agencies | agencias participantes | apoyo |
  other agencies | assisting agencies
operation:
  operation | operation name | operativo | operacion | nombre del operativo | op name | task force | ...
  operation | operativo
place:
  place | place name | place as written | location | location name | lugar | lugar de los hechos | ubicacion
  | localidad | city | ciudad | town | poblacion | site | sitio | city name | port of entry | poe | port
  name | puerto | where description | address | domicilio | area of responsibility
state:
  state | estado | entidad | entidad federativa | us state | mx state | state name | nom ent | nomgeo ent |
  adm 1 | adm1 | province | st | state abbr | statefp
county:
  county | condado | county name | cnty
municipality:
  municipality | municipio | mun | nom mun | municipality name | nombre municipio | adm 2 | adm2
country:
  country | pais | country name | nation | iso country | country code | cve pais
commodity:
  commodity | commodity name | drug | drug type | drug name | droga | tipo de droga | narcotic | narcotico |
  substance | sustancia | mercancia | contraband | contrabando | commodity reported | category | categoria |
  item | articulo | objeto | arma | tipo de arma | weapon type | seizure type | kind | type | tipo | clase |
  description | descripcion | producto | ... commodity | drug | droga | mercancia | narcotic
quantity:
  quantity | qty | cantidad | amount | quantity seized | qty seized | amount seized | cantidad asegurada |
  sum qty lbs | weight | peso | weight seized | quantity reported | kg | kgs | kilos | kilograms |
  kilogramos | lb | lbs | pounds | libras | grams | gramos | weight kg | weight lb | weight lbs | peso kg |
  total kg | rounds | cartuchos | usd | volume | volumen | number | numero | value | valor | monto | ...
  quantity | qty | cantidad | kg | lbs | kilos
unit:
  unit | units | uom | unit of measure | unidad | unidades | unidad medida | unidad de medida | medida |
  measure unit | unit reported | weight unit | qty unit
direction:
  direction | direction of travel | inbound outbound | sentido | direccion | rumbo | flow | bound | flujo |
  direction travel | ... direction | inbound | outbound | sentido
context:
  context | setting | contexto | place type | location type | tipo de lugar
side:
  side | border side | side of border | lado | country | pais
location_precision_m:
  location precision m | precision m | accuracy m | uncertainty m | coordinate uncertainty in meters |
  horizontal accuracy | accuracy | precision | gps accuracy | location accuracy | coordinate uncertainty |
  error m | location precision
location_basis:
  location basis | location precision | geo precision | base de ubicacion
direction_basis:
  direction basis
region:
  region
port_code:
  port code | portcode | poe code | schedule d | port | codigo puerto | clave puerto
events:
  events | count of event | event count | count of events | number of events | numero de eventos | eventos |
  incidents
source:
  source | fuente | data source | fuente de datos | source url | url | reference | referencia
note:
  note | notes | nota | notas | remarks | comments | comment | comentarios | observaciones | narrative |
  narrativa | description | descripcion | title | titulo
handling:
  handling | handling mark | marking | clasificacion | classification | caveat
"""


def _parse(text: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    bodies: dict[str, list[str]] = {}
    for line in text.strip().split("\n"):
        if line.startswith(" "):
            bodies[next(reversed(bodies))].append(line.strip())
        else:
            bodies[line.rstrip(":")] = []
    found = {}
    for role, lines in bodies.items():
        exact, _, within = " ".join(lines).partition("...")
        found[role] = (_words(exact), _words(within))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|") if word.strip())


NAMES = _parse(_TEXT)
"""Role to (names that mean it, words that mean it within a longer name)."""
